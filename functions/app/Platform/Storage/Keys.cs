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

    /// <summary>The newest sorts first.</summary>
    internal static string Inverted(long sequence) =>
        (MaxSequence - sequence).ToString("D12", CultureInfo.InvariantCulture);
}
