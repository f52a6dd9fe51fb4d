using Vox.Platform.SelfChecks;

namespace Vox.Operations.Diagnostics;

/// <param name="Version">Of the app.</param>
/// <param name="Now">The app's time.</param>
public sealed record ChecksResponse(string Version, DateTimeOffset Now, IReadOnlyList<Finding> Findings);

public sealed record ProbeResponse(string ProjectId, IReadOnlyList<ProbeUser> Users);

public sealed record ProbeUser(string Username, string Password);

internal sealed record MailTestRequest(string? Email);

/// <param name="Problem">Why it was not sent, and what to do.</param>
public sealed record MailTestResponse(bool Sent, string? Problem);
