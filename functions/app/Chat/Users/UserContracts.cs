namespace Vox.Chat.Users;

/// <summary><c>POST /api/v1/users</c></summary>
public sealed record SignUpRequest(string? ProjectId, string? LoginId, string? Password);

internal sealed record SignUpResponse(string LoginId);
