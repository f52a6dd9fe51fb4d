using System.Globalization;
using Vox.Chat.Model;

namespace Vox.Platform.Storage;

/// <summary>
/// Every partition and row key of the tables, each beside an example of the result. <c>|</c> separates the parts: no part contains it
/// (project ids are <c>[a-z0-9_]</c>, names go through <see cref="KeyText"/>, the rest is made here).
/// </summary>
public static class Keys
{
    /// <summary>Sequences count up to this; inverted, the newest sorts first.</summary>
    public const long MaxSequence = 999_999_999_999;

    /// <summary>Rows of the project-wide log in one partition.</summary>
    public const int LogBlockSize = 1_000;

    // projects ------------------------------------------------------------------------------------------------------------

    /// <summary><c>pid_0f8fad5b_d9cb_469f_a165_70867728950e</c>; the only row of its partition.</summary>
    public static string Project(string projectId) => projectId;

    public const string ProjectRow = "project";

    // users, sessions, recents --------------------------------------------------------------------------------------------

    /// <summary><c>pid_…|aalice</c>: everything of one user; a project's users are a range of partitions.</summary>
    public static string User(string projectId, string loginId) => $"{projectId}|{KeyText.Encode(loginId)}";

    public const string UserRow = "user";

    /// <summary>The login id in <see cref="User"/>: <c>pid_…|aalice</c> → <c>alice</c>.</summary>
    public static string LoginIdOf(string userPartition) => KeyText.Decode(userPartition[(userPartition.IndexOf('|', StringComparison.Ordinal) + 1)..]);

    /// <summary>From <c>pid_…|</c> up to, without, <c>pid_…}</c> (the character after <c>|</c>): all partitions of a project.</summary>
    public static (string From, string To) ProjectRange(string projectId) => ($"{projectId}|", $"{projectId}}}");

    /// <summary><c>users</c>: one row per deletion under way, keyed like <see cref="User"/>.</summary>
    public const string UserDeletions = "users";

    /// <summary><c>dK7cYq…</c> in the user's partition of table <c>recents</c>: a conversation that the user takes part in.</summary>
    public static string Recent(string conversationId) => conversationId;

    /// <summary><c>3QmV…</c> in the user's partition of table <c>sessions</c>.</summary>
    public static string Session(string sessionId) => sessionId;

    /// <summary><c>c|abob</c> in the user's partition of table <c>contacts</c>: bob is in the user's list.</summary>
    public static string Contact(string loginId) => "c|" + KeyText.Encode(loginId);

    /// <summary><c>w|abob</c>: the user is in bob's list, so bob hears of changes.</summary>
    public static string Watcher(string loginId) => "w|" + KeyText.Encode(loginId);

    /// <summary><c>b|abob</c>: the user has blocked bob.</summary>
    public static string Block(string loginId) => "b|" + KeyText.Encode(loginId);

    /// <summary>In the user's partition of table <c>people</c>.</summary>
    public const string ProfileRow = "profile";

    /// <summary>In the user's partition of table <c>people</c>: when the user was last online.</summary>
    public const string SeenRow = "seen";

    /// <summary>In the user's partition of table <c>presence</c>, while the user is online.</summary>
    public const string OnlineRow = "online";

    /// <summary><c>l|zXJ…</c> in the same partition: a connection, and until when it counts.</summary>
    public static string Lease(string connectionId) => "l|" + KeyText.Encode(connectionId);

    /// <summary>The project id in <see cref="User"/>.</summary>
    public static string ProjectIdOf(string userPartition) => userPartition[..userPartition.IndexOf('|', StringComparison.Ordinal)];

    // conversations -------------------------------------------------------------------------------------------------------

    /// <summary><c>pid_…|dK7cYq…</c>: a conversation, see <see cref="ConversationKey"/>.</summary>
    public static string Conversation(string projectId, string conversationId) => $"{projectId}|{conversationId}";

    /// <summary>Sorts before the messages: one query gives the head and the newest messages.</summary>
    public const string HeadRow = "h";

    /// <summary><c>k|3QmV…</c>: how far the member with this uid has got; between the head and the messages, to be read with both.</summary>
    public static string Mark(string uid) => "k|" + uid;

    /// <summary>After the last mark and before the first message.</summary>
    public const string MarksEnd = "l";

    /// <summary><c>m|999999999998</c> for sequence 1: newest first.</summary>
    public static string Message(long sequence) => "m|" + Inverted(sequence);

    /// <summary>After the last message.</summary>
    public const string MessagesEnd = "m}";

    /// <summary><c>u|abob</c>: a member of a group, present or former; after the messages, so that no page reads them.</summary>
    public static string GroupMember(string loginId) => GroupMembersFrom + KeyText.Encode(loginId);

    /// <summary>Before the first <see cref="GroupMember"/>.</summary>
    public const string GroupMembersFrom = "u|";

    /// <summary>After the last <see cref="GroupMember"/>.</summary>
    public const string GroupMembersTo = "u}";

    /// <summary>In the group's partition of table <c>groupwork</c>: all its members. A single member's row is his login id, encoded.</summary>
    public const string GroupWorkOfAll = "!";

    /// <summary><c>r|5f0a…</c> in the user's partition there: a connection of his that is being joined to his groups.</summary>
    public static string Rejoin(string id) => "r|" + id;

    /// <summary><c>x|Wm1…</c>: the first result of (sender, client message id), for ever.</summary>
    public static string Idempotency(string senderUid, string messageId) => "x|" + KeyText.Digest(senderUid, messageId);

    // chat log ------------------------------------------------------------------------------------------------------------

    /// <summary><c>pid_…|999999997</c> for sequences 2,000–2,999 of the project's log: newest block first.</summary>
    public static string LogBlock(string projectId, long block) =>
        $"{projectId}|{(999_999_999 - block).ToString("D9", CultureInfo.InvariantCulture)}";

    /// <summary><c>999999999998</c> for sequence 1: newest first.</summary>
    public static string LogRow(long sequence) => Inverted(sequence);

    /// <summary><c>pid_…!t</c>: when each block of the log began.</summary>
    public static string LogTimes(string projectId) => $"{projectId}!t";

    /// <summary><c>b|000000002</c>: the one time at which the block began.</summary>
    public static string LogBlockTime(long block) => "b|" + block.ToString("D9", CultureInfo.InvariantCulture);

    /// <summary><c>t|001798761600000|000000002</c>: the block began at this Unix time in ms; oldest first.</summary>
    public static string LogTime(long time, long block) =>
        $"t|{time.ToString("D15", CultureInfo.InvariantCulture)}|{block.ToString("D9", CultureInfo.InvariantCulture)}";

    /// <summary>After the last <see cref="LogTime"/>.</summary>
    public const string LogTimesEnd = "t}";

    // log writers ---------------------------------------------------------------------------------------------------------

    /// <summary><c>writers</c>: one row per running process that has messages to log.</summary>
    public const string LogWriters = "writers";

    /// <summary><c>w|2Vd…</c>: the conversations which that process has written to.</summary>
    public static string LogWriter(string writerId) => "w|" + writerId;

    /// <summary><c>pid_…|dK7cYq…</c></summary>
    public static string LogMark(string projectId, string conversationId) => $"{projectId}|{conversationId}";

    // developer portal ----------------------------------------------------------------------------------------------------

    /// <summary><c>Wm1x…</c>: a portal account, by the digest of its e-mail address in lower case; also the account's id.</summary>
    public static string Developer(string email) => KeyText.Digest("developer", email.Trim().ToLowerInvariant());

    public const string DeveloperRow = "developer";

    /// <summary><c>Wm1x…</c> in table <c>portalsessions</c>: an account's sessions (<c>s|…</c>) and remembered devices (<c>d|…</c>).</summary>
    public static string PortalSession(string secretHash) => "s|" + secretHash;

    public static string PortalDevice(string secretHash) => "d|" + secretHash;

    /// <summary><c>activation|Wm1x…</c> in table <c>portaltokens</c>: one partition per token, found by its digest.</summary>
    public static string OneTimeToken(string kind, string token) => $"{kind}|{KeyText.Digest(kind, token)}";

    public const string OneTimeTokenRow = "token";

    /// <summary><c>sign-in|Wm1x…</c> in table <c>attempts</c>: what is counted, and for whom.</summary>
    public static string Attempts(string what, string who) => $"{what}|{KeyText.Digest(who)}";

    public const string AttemptsRow = "attempts";

    /// <summary><c>p|pid_…</c>: the audit log of a project; <c>d|Wm1x…</c>: of an account.</summary>
    public static string ProjectAudit(string projectId) => "p|" + projectId;

    public static string DeveloperAudit(string developerId) => "d|" + developerId;

    /// <summary><c>2516…|x7Rk</c>: newest first.</summary>
    public static string AuditRow(DateTimeOffset at, string unique) =>
        $"{(DateTimeOffset.MaxValue.Ticks - at.UtcTicks).ToString("D19", CultureInfo.InvariantCulture)}|{unique}";

    /// <summary><c>pid_…</c> and <c>Wm1x…</c> in table <c>members</c>: the role that decides.</summary>
    public static string Members(string projectId) => projectId;

    /// <summary><c>d|Wm1x…</c> and <c>pid_…</c> in table <c>members</c>: which projects to list; decides nothing.</summary>
    public static string Memberships(string developerId) => "d|" + developerId;

    /// <summary><c>projects</c>: one row per deletion of a project under way.</summary>
    public const string ProjectDeletions = "projects";

    /// <summary><c>pid_…|rates</c> in table <c>rates</c>: what was agreed for the project, a row for each day on which it changes.</summary>
    public static string Rates(string projectId) => $"{projectId}|rates";

    /// <summary><c>2026-12-01</c></summary>
    public static string RatesFrom(DateOnly day) => $"{day:yyyy-MM-dd}";

    /// <summary><c>pid_…|push</c> in table <c>pushkeys</c>: rows <c>ios</c> and <c>android</c>.</summary>
    public static string PushKeys(string projectId) => $"{projectId}|push";

    /// <summary><c>pending</c> in table <c>mail</c>: e-mails that nobody has sent yet, oldest first.</summary>
    public const string PendingMail = "pending";

    public static string Mail(DateTimeOffset at, string unique) => $"{at.UtcTicks.ToString("D19", CultureInfo.InvariantCulture)}|{unique}";

    /// <summary><c>pid_…|2026-11-23</c> in table <c>usage</c>: rows <c>c|process</c> with counters, <c>u|digest</c> per active user.</summary>
    public static string Usage(string projectId, DateOnly day) => $"{projectId}|{day:yyyy-MM-dd}";

    /// <summary><c>pid_…</c> in table <c>ledger</c>: row <c>balance</c>, <c>e|…|1</c> and <c>e|…|2</c> per transaction, <c>k|…</c> against repetition.</summary>
    public static string Ledger(string projectId) => projectId;

    public const string LedgerBalance = "balance";

    public static string LedgerEntry(long number, int line) => $"e|{Inverted(number)}|{line}";

    /// <summary><c>d|2026-11-23</c>: what is charged for a day; written once, before it is booked.</summary>
    public static string LedgerDay(DateOnly day) => $"d|{day:yyyy-MM-dd}";

    /// <summary><c>i|999999999998</c> for invoice 1: newest first.</summary>
    public static string LedgerInvoice(long number) => "i|" + Inverted(number);

    public static string LedgerKey(string key) => "k|" + KeyText.Encode(key);

    // files ---------------------------------------------------------------------------------------------------------------

    /// <summary><c>dK7cYq…</c>: a file of a project by its key, from table key to upload id; 160 bits, not the key's own text.</summary>
    public static string FileId(string projectId, string key) => KeyText.Digest(projectId, key);

    /// <summary><c>pid_…|dK7cYq…</c> in table <c>files</c>; the only row of its partition is <see cref="FileRow"/>.</summary>
    public static string File(string projectId, string fileId) => $"{projectId}|{fileId}";

    public const string FileRow = "file";

    /// <summary><c>pid_…|3QmV…</c> in table <c>userfiles</c>: what the user with this uid has uploaded.</summary>
    public static string FileOwner(string projectId, string uid) => $"{projectId}|{uid}";

    /// <summary><c>f|dK7cYq…</c> there: a file, from its first byte until it is removed.</summary>
    public static string OwnedFile(string fileId) => "f|" + fileId;

    /// <summary><c>p|dK7cYq…</c> there: an upload that is not completed.</summary>
    public static string PendingFile(string fileId) => "p|" + fileId;

    /// <summary>After the last <see cref="PendingFile"/>.</summary>
    public const string PendingFilesEnd = "p}";

    /// <summary><c>d</c> in table <c>uploads</c>: one of 64 partitions, by the id's first character.</summary>
    public static string UploadDue(string fileId) => fileId[..1];

    /// <summary><c>001798761600000|pid_…|dK7cYq…</c> there: look after this upload from this Unix time in ms on.</summary>
    public static string UploadDueRow(DateTimeOffset due, string projectId, string fileId) => $"{DueText(due)}|{projectId}|{fileId}";

    /// <summary>Before it: everything that is due.</summary>
    public static string DueText(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString("D15", CultureInfo.InvariantCulture);

    /// <summary><c>total</c> in the project's partition of table <c>filemeter</c>.</summary>
    public const string MeterTotal = "total";

    /// <summary><c>u|3QmV…</c> there: bytes of one user.</summary>
    public static string MeterUser(string uid) => "u|" + uid;

    /// <summary><c>f|dK7cYq…</c> there: a file that is counted.</summary>
    public static string MeterFile(string fileId) => "f|" + fileId;

    /// <summary><c>d|79738993</c> for 2026-10-06: newest day first.</summary>
    public static string MeterDay(DateOnly day) =>
        "d|" + (99_999_999 - (day.Year * 10_000) - (day.Month * 100) - day.Day).ToString("D8", CultureInfo.InvariantCulture);

    /// <summary>After the last day.</summary>
    public const string MeterDaysEnd = "d}";

    /// <summary>In the project's partition of table <c>media</c>: the token of its media addresses.</summary>
    public const string MediaRow = "media";

    /// <summary><c>pid_…/3QmV…/dK7cYq…</c>: where a file's bytes are, in both containers.</summary>
    public static string FileBlob(string projectId, string uid, string fileId) => $"{projectId}/{uid}/{fileId}";

    private static string Inverted(long sequence) =>
        (MaxSequence - sequence).ToString("D12", CultureInfo.InvariantCulture);
}
