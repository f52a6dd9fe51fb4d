using System.Text.Json.Serialization;
using Vox.Chat.Conversations.Storage;

namespace Vox.Operations.Backups;

/// <summary>Who does a piece of work, and until when nobody else may.</summary>
internal sealed record LeaseState(string Owner, DateTimeOffset Until);

/// <param name="LastSegment">Time in the name of the last file, Unix ms. The next has a later one, whatever the clock says.</param>
/// <param name="ExportedThrough">Everything that was acknowledged before this time is in the backup, Unix ms; 0 for never.</param>
/// <param name="Pass">Null before the first pass over all rows.</param>
internal sealed record ExportState(long LastSegment = 0, long ExportedThrough = 0, PassState? Pass = null);

/// <param name="Began">Unix ms.</param>
/// <param name="Ended">Null while it is under way.</param>
/// <param name="Position">Where it goes on.</param>
internal sealed record PassState(long Began, long? Ended, PassPosition? Position, long Rows);

/// <summary>The steps of a restore, in this order.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RestoreStep>))]
internal enum RestoreStep
{
    /// <summary>
    /// With several storage accounts: projects are written from the backup. Every other row can be written only when it is known for
    /// certain in which account its project is.
    /// </summary>
    Projects,

    /// <summary>Rows are written from the backup.</summary>
    Rows,

    /// <summary>What was erased after the restored time is noted, to be erased again.</summary>
    Erasures,

    /// <summary>A log that is there is deleted, because it is made anew.</summary>
    DeleteLog,

    /// <summary>Conversations are checked and get their new epoch.</summary>
    Check,

    /// <summary>Logs are made from the conversations.</summary>
    Log,

    Done,
}

/// <param name="Project">The only project that it is about; null for all.</param>
/// <param name="Until">Unix ms: later segments are not restored.</param>
/// <param name="Epoch">Null when conversations keep theirs.</param>
/// <param name="Segment">The last segment that is restored.</param>
/// <param name="Segments">How many of them this step has read.</param>
/// <param name="HasProjects">
/// The projects are there already, as they were at the restored time: <see cref="RestoreStep.Rows"/> leaves them as they are.
/// </param>
/// <param name="Check">Where the check of the conversations is.</param>
/// <param name="LoggedProject">The last project whose log is made.</param>
/// <param name="Erasures">Erasures that are to be done again.</param>
internal sealed record RestoreState(
    RestoreStep Step,
    DateTimeOffset StartedAt,
    string? Project = null,
    long Until = 0,
    long PassBegan = 0,
    long? Epoch = null,
    string? Segment = null,
    long Segments = 0,
    long Rows = 0,
    CheckPosition? Check = null,
    string? LoggedProject = null,
    long Logged = 0,
    long Erasures = 0,
    DateTimeOffset? FinishedAt = null,
    string? Problem = null,
    bool HasProjects = false);

[JsonSerializable(typeof(LeaseState))]
[JsonSerializable(typeof(ExportState))]
[JsonSerializable(typeof(RestoreState))]
internal sealed partial class BackupStateJson : JsonSerializerContext;
