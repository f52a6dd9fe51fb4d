using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.Realtime;

/// <summary>
/// Pushing to connected clients. Section <c>Realtime</c>; the first service is set by <c>AzureSignalRConnectionString</c>.
/// </summary>
public sealed class RealtimeOptions
{
    public const string Section = "Realtime";

    /// <summary>The hub's name, also in the trigger and input attributes.</summary>
    public const string Hub = "chat";

    /// <summary>The setting with the connection string. For access by identity, <c>…__serviceUri</c> has the endpoint.</summary>
    public const string ConnectionSetting = "AzureSignalRConnectionString";

    /// <summary>
    /// Further SignalR services by number, from 1 on: connection strings, or endpoints for access by identity. Number 0 is
    /// <see cref="ConnectionSetting"/>, which the host's bindings use, and may be repeated here. Default: none.
    /// </summary>
    public IDictionary<string, string> Services { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// How long a push is tried, in milliseconds. 100–10,000, default 2,000. After that it is lost, and clients find the gap.
    /// </summary>
    [Range(100, 10_000)]
    public int PushMilliseconds { get; set; } = 2_000;

    internal TimeSpan PushTimeout => TimeSpan.FromMilliseconds(PushMilliseconds);

    /// <summary>How long a group's message may take to reach the service after it was sent. After that it is not pushed any more.</summary>
    public TimeSpan GroupPush => TimeSpan.FromMilliseconds(2 * PushMilliseconds);

    /// <summary>
    /// How long an answer of negotiate can be used to connect, in minutes. 1–60, default 5. An open connection stays beyond that, as long
    /// as its session is good; each new one negotiates anew.
    /// </summary>
    [Range(1, 60)]
    public int TokenMinutes { get; set; } = 5;

    internal TimeSpan TokenLifetime => TimeSpan.FromMinutes(TokenMinutes);

    /// <summary>Pushes under way in this process. Above it, pushes are dropped and counted. 100–100,000, default 5,000.</summary>
    [Range(100, 100_000)]
    public int MaxPushes { get; set; } = 5_000;

    /// <summary>
    /// Object id of the identity with which the SignalR service calls this app. Then events without its token are refused. For access by
    /// identity, where there is no key to sign events with. Default: none.
    /// </summary>
    public string? UpstreamIdentity { get; set; }

    /// <summary>The tenant of that identity, an id. Needed with <see cref="UpstreamIdentity"/>.</summary>
    public string? UpstreamTenant { get; set; }

    /// <summary>
    /// For what the service gets its tokens: the <c>resource</c> of the upstream template. Needed with <see cref="UpstreamIdentity"/>.
    /// </summary>
    public string? UpstreamAudience { get; set; }

    /// <summary>Who issues the tokens. Default https://login.microsoftonline.com; other clouds have other addresses.</summary>
    public Uri UpstreamAuthority { get; set; } = new("https://login.microsoftonline.com");
}
