using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.People;

/// <summary>Who counts as online. Section <c>Presence</c>.</summary>
public sealed class PresenceOptions
{
    public const string Section = "Presence";

    /// <summary>
    /// How many seconds a connection counts after its last sign of life. Clients give one three times as often. 3–3,600, default 180. The
    /// service's events about closed connections may get lost. Then a user seems online for this long.
    /// </summary>
    [Range(3, 3_600)]
    public int LeaseSeconds { get; set; } = 180;
}
