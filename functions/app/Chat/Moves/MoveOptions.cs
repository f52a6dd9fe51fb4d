using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.Moves;

/// <summary>Moving projects from one SignalR service to another. Section <c>Moves</c>.</summary>
public sealed class MoveOptions
{
    public const string Section = "Moves";

    /// <summary>
    /// Users of a moving project who are told to connect anew in a second. 1–1,000, default 50. Each then negotiates and synchronizes.
    /// </summary>
    [Range(1, 1_000)]
    public int UsersPerSecond { get; set; } = 50;
}
