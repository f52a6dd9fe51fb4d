using System.ComponentModel.DataAnnotations;

namespace Vox.Platform.Timers;

/// <summary>How timers do their work. Section <c>Timers</c>.</summary>
public sealed class TimerOptions
{
    public const string Section = "Timers";

    /// <summary>Pieces of work that one run does at the same time: chats use the same storage. 1–64, default 16.</summary>
    [Range(1, 64)]
    public int AtATime { get; set; } = 16;

    /// <summary>After this many attempts a piece of work that fails is set aside. 1–100, default 10.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>What was set aside is tried again after so many hours, even if nobody asks for it. 1–168, default 6.</summary>
    [Range(1, 168)]
    public int AsideHours { get; set; } = 6;

    /// <summary>
    /// After so many seconds a run ends, and the next one goes on. Less than <c>functionTimeout</c> in host.json (600), after which the
    /// host ends the process. 1–540, default 480.
    /// </summary>
    [Range(1, 540)]
    public int MaxRunSeconds { get; set; } = 480;

    internal TimeSpan AsideTime => TimeSpan.FromHours(AsideHours);

    internal TimeSpan MaxRun => TimeSpan.FromSeconds(MaxRunSeconds);
}
