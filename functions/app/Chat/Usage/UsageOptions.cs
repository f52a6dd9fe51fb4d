using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.Usage;

/// <summary>Counting for the dashboard and the charges. Section <c>Usage</c>.</summary>
public sealed class UsageOptions
{
    public const string Section = "Usage";

    /// <summary>How often a process writes its counts, in seconds. A killed process loses as much. 5–3,600, default 60.</summary>
    [Range(5, 3_600)]
    public int FlushSeconds { get; set; } = 60;

    internal TimeSpan FlushInterval => TimeSpan.FromSeconds(FlushSeconds);
}
