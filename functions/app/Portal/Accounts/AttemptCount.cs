using Vox.Platform.Storage;

namespace Vox.Portal.Accounts;

/// <summary>What was counted of one kind of attempt, for one name.</summary>
/// <param name="Since">When the count began, or the last attempt: it depends on the limit.</param>
/// <param name="Until">No attempt is allowed before this time.</param>
public sealed record AttemptCount(int Count, DateTimeOffset Since, DateTimeOffset Until, RowVersion Version);
