using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.Realtime;

/// <summary>Pushing to connected clients. Section <c>Realtime</c>; the service itself is set by <c>AzureSignalRConnectionString</c>.</summary>
public sealed class RealtimeOptions
{
    public const string Section = "Realtime";

    /// <summary>The hub's name, also in the trigger and input attributes.</summary>
    public const string Hub = "chat";

    /// <summary>The setting with the connection string; where identity is used, <c>…__serviceUri</c> with the endpoint.</summary>
    public const string ConnectionSetting = "AzureSignalRConnectionString";

    /// <summary>How long a push is tried, in milliseconds. 100–10,000, default 2,000. It is lost then, and clients find the gap.</summary>
    [Range(100, 10_000)]
    public int PushMilliseconds { get; set; } = 2_000;

    internal TimeSpan PushTimeout => TimeSpan.FromMilliseconds(PushMilliseconds);

    /// <summary>After a message to a group is sent, how long it may be on its way to the service: longer, and it is not pushed any more.</summary>
    public TimeSpan GroupPush => TimeSpan.FromMilliseconds(2 * PushMilliseconds);

    /// <summary>Pushes under way in this process; above it they are dropped and counted. 100–100,000, default 5,000.</summary>
    [Range(100, 100_000)]
    public int MaxPushes { get; set; } = 5_000;
}
