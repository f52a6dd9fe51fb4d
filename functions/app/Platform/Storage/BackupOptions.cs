using System.ComponentModel.DataAnnotations;

namespace Vox.Platform.Storage;

/// <summary>Backups of the tables. Section <c>Backup</c>; without an account nothing is backed up.</summary>
public sealed class BackupOptions
{
    public const string Section = "Backup";

    /// <summary>
    /// The account that backups go to, and a restore comes from: a name for access by identity, or a connection string. Default: none,
    /// there are no backups.
    /// </summary>
    public string? Account { get; set; }

    /// <summary>
    /// Minutes of changes in one export. A change is in the backup at the latest after this time, the timer's five minutes and the
    /// duration of the export. 1–15, default 5.
    /// </summary>
    [Range(1, 15)]
    public int IntervalMinutes { get; set; } = 5;

    /// <summary>
    /// Days between two passes that export every row, changed or not. A restore begins with the last pass that was complete by then. So
    /// backups must be kept for longer than two passes. 1–30, default 7.
    /// </summary>
    [Range(1, 30)]
    public int FullPassDays { get; set; } = 7;

    /// <summary>
    /// Restore mode: the app answers only operators and health checks, and its timers rest, except for the one that restores. Nothing is
    /// backed up meanwhile. Default false.
    /// </summary>
    public bool Restoring { get; set; }

    internal bool IsOn => !string.IsNullOrWhiteSpace(Account);

    /// <summary>Whether changes are noted for the next export.</summary>
    internal bool NotesChanges => IsOn && !Restoring;
}
