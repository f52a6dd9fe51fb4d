namespace Vox.Platform.Storage;

/// <summary>Which tables are in backups. Every table is, unless it is named here.</summary>
internal static class BackupTables
{
    /// <summary>
    /// The table that says what was erased. It comes from the newest backup, whatever time is restored: else the restore would bring back
    /// what nobody may have any more.
    /// </summary>
    public const string Erasures = "erasures";

    /// <summary>The table of legal holds. It comes from the newest backup too: a hold counts whatever is restored.</summary>
    public const string Holds = "holds";

    /// <summary>The table that notes what has changed, and how far exports and restores are.</summary>
    public const string Changes = "changes";

    /// <summary>Tables that would be useless or harmful in a restored account.</summary>
    private static readonly HashSet<string> Left = new(StringComparer.Ordinal)
    {
        "apirequests", // What was asked in the last days.
        "attempts", // Counts of the last minutes.
        Changes, // About this account.
        "chatlog", // Made again from the conversations.
        "logwriters", // Processes of this account.
        "mail", // Sent long since: a restored e-mail would be sent twice.
        "portalsessions", // Sign-ins that may have been ended meanwhile.
        "portaltokens", // Links that may have been used meanwhile.
        "presence", // Connections that have ended.
        "searchbuilds", // The index is made again after a restore.
        "searchindex", // Made again from the conversations.
        "rowsweeps", // How far sweeps of this account are.
        "webhookevents", // What was sent in the last days.
        "timerwork", // What failed in timers of this installation.
    };

    /// <summary>
    /// Tables with partitions of a project that are in the first account for all projects. A table that is used in both ways, such as
    /// <c>usage</c>, is not one: its partitions that are in the first account do not begin with a project's id.
    /// </summary>
    private static readonly HashSet<string> Home = new(StringComparer.Ordinal)
    {
        "audit", "deletions", "developers", Erasures, "exports", "idempotencydays", "keys", "ledger", "members",
        "moves", "payments", "projects", "scheduled", "uploads",
    };

    public static bool IsBackedUp(string table) => !Left.Contains(table);

    public static bool IsHome(string table) => Home.Contains(table);
}
