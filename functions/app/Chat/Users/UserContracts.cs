namespace Vox.Chat.Users;

/// <summary><c>POST /api/v1/users</c></summary>
public sealed record SignUpRequest(string? ProjectId, string? LoginId, string? Password);

public sealed record SignUpResponse(string LoginId);
