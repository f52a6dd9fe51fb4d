namespace Vox.Portal.Accounts;

/// <summary>Who did what, when, and from where.</summary>
/// <param name="Action">A stable name: <c>project.created</c>.</param>
/// <param name="Detail">For people to read; never a secret.</param>
public sealed record AuditEntry(DateTimeOffset At, string Who, string Action, string Detail, string Address);

/// <param name="Next">Goes into <c>after</c> for older entries; absent on the last page.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, string? Next);
