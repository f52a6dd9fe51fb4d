using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.Projects;

/// <summary>How projects are cached. Section <c>Projects</c>.</summary>
public sealed class ProjectOptions
{
    public const string Section = "Projects";

    /// <summary>How long a project is kept in memory, in seconds. A changed setting takes effect within it. 1–300, default 30.</summary>
    [Range(1, 300)]
    public int CacheSeconds { get; set; } = 30;

    internal TimeSpan Cache => TimeSpan.FromSeconds(CacheSeconds);
}
