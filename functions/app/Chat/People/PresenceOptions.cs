using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.People;

/// <summary>Who counts as online. Section <c>Presence</c>.</summary>
public sealed class PresenceOptions
{
    public const string Section = "Presence";

    /// <summary>
    /// For how many seconds a connection counts after its last sign of life; clients give one three times as often. 3–3,600, default
    /// 180: events of the service that tell of a closed connection may get lost, and this is how long a user then seems online.
    /// </summary>
    [Range(3, 3_600)]
    public int LeaseSeconds { get; set; } = 180;
}
