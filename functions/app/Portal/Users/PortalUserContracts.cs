namespace Vox.Portal.Users;

/// <param name="LastSeen">When they were last connected; absent: never. For somebody who is online: since when.</param>
public sealed record ProjectUser(string Username, DateTimeOffset CreatedAt, bool Disabled, bool Online, DateTimeOffset? LastSeen = null);

/// <param name="Next">Goes into <c>after</c> for the next page; absent on the last.</param>
public sealed record ProjectUserPage(IReadOnlyList<ProjectUser> Users, string? Next);

public sealed record AddUserRequest(string? Username, string? Password);

public sealed record UserStatusRequest(string? Username, bool? Disabled);

/// <param name="Line">The line of the file, for the report.</param>
public sealed record ImportRow(int Line, string? Username, string? Password);

/// <param name="Rows">1–100 rows; a larger file is sent in portions.</param>
public sealed record ImportRequest(IReadOnlyList<ImportRow?>? Rows);

/// <param name="Code">A code of the error catalogue.</param>
public sealed record RefusedRow(int Line, string Username, string Code, string Reason);

/// <param name="Created">How many users were created.</param>
/// <param name="Present">
/// How many users existed already with the same password: these rows were sent before, and nothing was left to do.
/// </param>
public sealed record ImportResponse(int Created, int Present, IReadOnlyList<RefusedRow> Refused);
