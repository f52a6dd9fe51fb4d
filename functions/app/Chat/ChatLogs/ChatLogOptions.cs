using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.ChatLogs;

/// <summary>The project-wide log. Section <c>ChatLog</c>.</summary>
public sealed class ChatLogOptions
{
    public const string Section = "ChatLog";

    /// <summary>
    /// Messages of one project that may wait for the log in this process; above it sends answer 503. 100–100,000, default 10,000.
    /// </summary>
    [Range(100, 100_000)]
    public int MaxWaiting { get; set; } = 10_000;

    /// <summary>
    /// Where several processes log messages of one project, each gathers them for this many milliseconds, or until it has 100. So they
    /// meet less often. 0–5,000, default 1,000; 0 for not at all. One process alone gathers for a tenth of a second, if it is busy.
    /// </summary>
    [Range(0, 5_000)]
    public int GatherMilliseconds { get; set; } = 1_000;

    internal TimeSpan Gather => TimeSpan.FromMilliseconds(GatherMilliseconds);

    /// <summary>How often a process that has messages to log says that it is alive, in seconds. 1–60, default 10.</summary>
    [Range(1, 60)]
    public int HeartbeatSeconds { get; set; } = 10;

    internal TimeSpan Heartbeat => TimeSpan.FromSeconds(HeartbeatSeconds);

    /// <summary>
    /// After how many seconds of silence another process completes its log. 3–600, default 60. It does no harm if that is too early: a
    /// message that both log is logged once.
    /// </summary>
    [Range(3, 600)]
    public int SilenceSeconds { get; set; } = 60;

    internal TimeSpan Silence => TimeSpan.FromSeconds(SilenceSeconds);

    /// <summary>
    /// After so many conversations a process goes on under a new name. It forgets the old name, with its notes of the conversations, once
    /// all that was begun under it is logged. Otherwise the notes of a process that lives for weeks would never end, and neither would the
    /// repair behind it. 1–100,000, default 5,000.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxMarks { get; set; } = 5_000;
}
