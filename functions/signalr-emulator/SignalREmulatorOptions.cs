using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Vox.SignalREmulation;

/// <summary>Settings of one emulated Azure SignalR Service in serverless mode.</summary>
internal sealed record SignalREmulatorOptions
{
    /// <summary>Well known and worthless outside this machine: the emulator listens on the loopback address only.</summary>
    public const string DevelopmentKey = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH";

    /// <summary>TCP port on 127.0.0.1; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>HMAC key of tokens and signatures, at least 32 characters (HS256 needs 256 bits).</summary>
    public string AccessKey { get; init; } = DevelopmentKey;

    /// <summary>
    /// A bearer token that stands for one of Microsoft Entra, of an identity that may use the service. Null: only the access key opens the
    /// data plane.
    /// </summary>
    public string? IdentityToken { get; init; }

    /// <summary>
    /// Where client events go, such as <c>http://localhost:7071/runtime/webhooks/signalr?code=…</c>. <c>{hub}</c>, <c>{category}</c> and
    /// <c>{event}</c> are replaced. Several addresses take turns. Without any, events are accepted and dropped.
    /// </summary>
    public IReadOnlyList<string> Upstreams { get; init; } = [];

    /// <summary>How long an upstream call may take before it counts as failed.</summary>
    public TimeSpan UpstreamTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes that may wait for one slow client before it is disconnected.</summary>
    public int MaxQueuedBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Decides token lifetimes, keep-alive and group expiry.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
