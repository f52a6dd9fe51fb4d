using System.Text.Json.Serialization;
using Vox.Platform.Storage;

namespace Vox.Chat.Exports;

[JsonConverter(typeof(JsonStringEnumConverter<ExportKind>))]
public enum ExportKind
{
    [JsonStringEnumMemberName("user")]
    User,

    [JsonStringEnumMemberName("project")]
    Project,
}

[JsonConverter(typeof(JsonStringEnumConverter<ExportState>))]
public enum ExportState
{
    /// <summary>The archive is being written.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>The archive can be downloaded.</summary>
    [JsonStringEnumMemberName("ready")]
    Ready,

    /// <summary>The archive would be too large.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>The archive was deleted: its time is over, or something of its project was erased since.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,
}

/// <summary>An archive of what is stored about a user or in a project.</summary>
/// <param name="Subject">The user's login id; empty for a project.</param>
/// <param name="DueAt">When the next step is to be done. While a process writes, nobody else does before that.</param>
/// <param name="Section">Which part comes next, as an index; behind the last one the archive is closed.</param>
/// <param name="Cursor">How far that part is written.</param>
/// <param name="Blocks">The blocks that count, see <see cref="ExportBlocks"/>.</param>
/// <param name="Entries">Files in the archive.</param>
/// <param name="Missing">Files that were deleted while they were being copied. Their places in the archive are filled with zeros.</param>
public sealed record Export(
    string ProjectId,
    string Id,
    ExportKind Kind,
    string Subject,
    string Uid,
    ExportState State,
    DateTimeOffset RequestedAt,
    string RequestedBy,
    DateTimeOffset DueAt,
    DateTimeOffset? ExpiresAt,
    int Section,
    string Cursor,
    string Blocks,
    long Bytes,
    long Entries,
    long Missing,
    RowVersion Version)
{
    public string Blob => $"{ProjectId}/{Id}.tar";
}

/// <summary>
/// The blocks of an archive, as runs: <c>3fa9c1d2:40;77b0e4aa:3</c> for forty blocks of one process and three of the next. Each process
/// names its blocks after a random word of its own. So blocks that a killed process had staged, but not noted, never count, and neither do
/// those of a process that goes on although its time is over.
/// </summary>
internal static class ExportBlocks
{
    public static string With(string blocks, string word)
    {
        var runs = Runs(blocks);
        if (runs.Count > 0 && runs[^1].Word == word)
        {
            runs[^1] = (word, runs[^1].Count + 1);
        }
        else
        {
            runs.Add((word, 1));
        }

        return string.Join(';', runs.Select(run => $"{run.Word}:{run.Count}"));
    }

    public static int Count(string blocks) => Runs(blocks).Sum(run => run.Count);

    /// <summary>How many blocks of this word count.</summary>
    public static int CountOf(string blocks, string word) => Runs(blocks).Where(run => run.Word == word).Sum(run => run.Count);

    public static IEnumerable<string> Ids(string blocks) =>
        Runs(blocks).SelectMany(run => Enumerable.Range(0, run.Count).Select(n => Id(run.Word, n)));

    /// <summary>All ids of a blob must have the same length.</summary>
    public static string Id(string word, int number) =>
        Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"{word}{number:D6}"));

    private static List<(string Word, int Count)> Runs(string blocks) =>
        [.. blocks.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(run => run.Split(':'))
            .Select(run => (run[0], int.Parse(run[1], System.Globalization.CultureInfo.InvariantCulture)))];
}
