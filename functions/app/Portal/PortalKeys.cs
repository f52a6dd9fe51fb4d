using System.Globalization;
using Vox.Platform.Storage;

namespace Vox.Portal;

/// <summary>
/// Every partition and row key of the portal's tables, each beside an example of the result.
/// <c>|</c> separates the parts: no part contains it (project ids are <c>[a-z0-9_]</c>, names go through <see cref="KeyText"/>, the rest
/// is made here).
/// </summary>
internal static class PortalKeys
{
    /// <summary><c>Wm1x…</c>: a portal account, by the digest of its e-mail address in lower case; also the account's id.</summary>
    public static string Developer(string email) => KeyText.Digest("developer", email.Trim().ToLowerInvariant());

    public const string DeveloperRow = "developer";

    /// <summary>
    /// <c>Wm1x…</c> in table <c>portalsessions</c>: an account's sessions (<c>s|…</c>) and remembered devices (<c>d|…</c>).
    /// </summary>
    public static string PortalSession(string secretHash) => "s|" + secretHash;

    public static string PortalDevice(string secretHash) => "d|" + secretHash;

    /// <summary><c>activation|Wm1x…</c> in table <c>portaltokens</c>: one partition per token, found by its digest.</summary>
    public static string OneTimeToken(string kind, string token) => $"{kind}|{KeyText.Digest(kind, token)}";

    public const string OneTimeTokenRow = "token";

    /// <summary><c>p|pid_…</c>: the audit log of a project; <c>d|Wm1x…</c>: of an account.</summary>
    public static string ProjectAudit(string projectId) => "p|" + projectId;

    public static string DeveloperAudit(string developerId) => "d|" + developerId;

    /// <summary><c>2516…|x7Rk</c>: newest first.</summary>
    public static string AuditRow(DateTimeOffset at, string unique) =>
        $"{(DateTimeOffset.MaxValue.Ticks - at.UtcTicks).ToString("D19", CultureInfo.InvariantCulture)}|{unique}";

    /// <summary><c>pid_…</c> and <c>Wm1x…</c> in table <c>members</c>: the role that decides.</summary>
    public static string Members(string projectId) => projectId;

    /// <summary>
    /// <c>i|Wm1x…</c> in the partition of a project's members: an open invitation, by the account that may accept it. In the same
    /// partition, so that a member and their invitation change together.
    /// </summary>
    public static string Invitation(string developerId) => "i|" + developerId;

    /// <summary>From <c>i|</c> to before <c>i}</c> (the character after <c>|</c>). Ids of accounts contain neither.</summary>
    public static (string From, string To) Invitations => ("i|", "i}");

    /// <summary>
    /// <c>t|Wm1x…</c> and <c>pid_…</c> in table <c>members</c>: to which projects somebody is invited; decides nothing.
    /// </summary>
    public static string InvitedTo(string developerId) => "t|" + developerId;

    /// <summary><c>d|Wm1x…</c> and <c>pid_…</c> in table <c>members</c>: which projects to list; decides nothing.</summary>
    public static string Memberships(string developerId) => "d|" + developerId;

    /// <summary>
    /// <c>pid_…|rates</c> in table <c>rates</c>: what was agreed for the project, a row for each day on which it changes.
    /// </summary>
    public static string Rates(string projectId) => $"{projectId}|rates";

    /// <summary><c>2026-12-01</c></summary>
    public static string RatesFrom(DateOnly day) => $"{day:yyyy-MM-dd}";

    /// <summary><c>pid_…|push</c> in table <c>pushkeys</c>: rows <c>ios</c> and <c>android</c>.</summary>
    public static string PushKeys(string projectId) => $"{projectId}|push";

    /// <summary>
    /// <c>pid_…</c> in table <c>ledger</c>: row <c>balance</c>, <c>e|…|1</c> and <c>e|…|2</c> per transaction, <c>k|…</c> against
    /// repetition.
    /// </summary>
    public static string Ledger(string projectId) => projectId;

    public const string LedgerBalance = "balance";

    public static string LedgerEntry(long number, int line) => $"e|{Keys.Inverted(number)}|{line}";

    /// <summary><c>d|2026-11-23</c>: what is charged for a day; written once, before it is booked.</summary>
    public static string LedgerDay(DateOnly day) => $"d|{day:yyyy-MM-dd}";

    /// <summary><c>i|999999999998</c> for invoice 1: newest first.</summary>
    public static string LedgerInvoice(long number) => "i|" + Keys.Inverted(number);

    public static string LedgerKey(string key) => "k|" + KeyText.Encode(key);
}
