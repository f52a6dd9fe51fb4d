using System.Globalization;

namespace Vox.Platform.Storage;

/// <summary>
/// Partition and row keys that all wings share. <c>ChatKeys</c> and <c>PortalKeys</c> have the others, each beside an example of the
/// result. <c>|</c> separates the parts. No part contains it: project ids are <c>[a-z0-9_]</c>, names go through <see cref="KeyText"/>,
/// and the rest is made here.
/// </summary>
internal static class Keys
{
    /// <summary>Sequences count up to this; inverted, the newest sorts first.</summary>
    public const long MaxSequence = 999_999_999_999;

    /// <summary><c>pid_0f8fad5b_d9cb_469f_a165_70867728950e</c>; the only row of its partition.</summary>
    public static string Project(string projectId) => projectId;

    public const string ProjectRow = "project";

    /// <summary>All partitions of a project: from <c>pid_…|</c> to before <c>pid_…}</c> (the character after <c>|</c>).</summary>
    public static (string From, string To) ProjectRange(string projectId) => ($"{projectId}|", $"{projectId}}}");

    /// <summary>The project id at the beginning of a partition: <c>pid_…|aalice</c> → <c>pid_…</c>.</summary>
    public static string ProjectIdOf(string userPartition) => userPartition[..userPartition.IndexOf('|', StringComparison.Ordinal)];

    /// <summary><c>pending</c> in table <c>mail</c>: e-mails that have not been sent yet, oldest first.</summary>
    public const string PendingMail = "pending";

    public static string Mail(DateTimeOffset at, string unique) => $"{at.UtcTicks.ToString("D19", CultureInfo.InvariantCulture)}|{unique}";

    /// <summary>
    /// <c>sweeps</c> in table <c>rowsweeps</c>: a row for each table whose rows have had several shapes, such as <c>projects</c>.
    /// </summary>
    public const string RowSweeps = "sweeps";

    /// <summary><c>sign-in|Wm1x…</c> in table <c>attempts</c>: what is counted, and for whom.</summary>
    public static string Attempts(string what, string who) => $"{what}|{KeyText.Digest(who)}";

    public const string AttemptsRow = "attempts";

    /// <summary>
    /// <c>f|dK7cYq…</c> in the timer's partition (<c>ChargeProjects</c>) of table <c>timerwork</c>: a piece of its work that fails.
    /// </summary>
    public static string FailingWork(string item) => FailingWorkFrom + KeyText.Digest(item);

    /// <summary>Before the first <see cref="FailingWork"/>.</summary>
    public const string FailingWorkFrom = "f|";

    /// <summary>After the last <see cref="FailingWork"/>.</summary>
    public const string FailingWorkTo = "f}";

    /// <summary><c>n|position</c> there: what the timer has noted about itself.</summary>
    public static string TimerNote(string note) => "n|" + note;

    public const int ChangeShards = 16;

    /// <summary>
    /// <c>001798761600000|b</c> in table <c>changes</c>: partitions that have changed in the interval that began at this Unix time in ms.
    /// </summary>
    public static string Changes(long interval, int shard) => $"{interval.ToString("D15", CultureInfo.InvariantCulture)}|{shard:x}";

    /// <summary>Before these intervals and after all earlier ones.</summary>
    public static string ChangesBefore(long interval) => interval.ToString("D15", CultureInfo.InvariantCulture);

    /// <summary><c>dK7cYq…</c> there: one partition, and whether all of it is to be exported.</summary>
    public static string Change(string table, string partition, string how) => KeyText.Digest(table, partition, how);

    /// <summary><c>state</c> there, after all intervals: how far exports and restores are.</summary>
    public const string BackupState = "state";

    /// <summary>
    /// <c>sort|pid_…|020787</c> there: messages of one day on their way into a log that is made anew, by the number of the day.
    /// </summary>
    public static string LogSort(string projectId, long day) => $"sort|{projectId}|{day.ToString("D6", CultureInfo.InvariantCulture)}";

    /// <summary>After the last of these days.</summary>
    public static string LogSortEnd(string projectId) => $"sort|{projectId}}}";

    /// <summary><c>001798761600000|dK7cYq…|000000000001</c> there: oldest first.</summary>
    public static string LogSortRow(long time, string conversationId, long sequence) =>
        $"{time.ToString("D15", CultureInfo.InvariantCulture)}|{conversationId}|{sequence.ToString("D12", CultureInfo.InvariantCulture)}";

    /// <summary>The newest sorts first.</summary>
    internal static string Inverted(long sequence) =>
        (MaxSequence - sequence).ToString("D12", CultureInfo.InvariantCulture);
}
