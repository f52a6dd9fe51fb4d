using Microsoft.Extensions.Logging;

namespace Vox.SignalREmulation;

internal static partial class SignalRLog
{
    [LoggerMessage(9101, LogLevel.Debug, "Client {ConnectionId} connected to {Hub}")]
    public static partial void Connected(ILogger logger, string connectionId, string hub);

    [LoggerMessage(9102, LogLevel.Debug, "Client {ConnectionId} left {Hub}: {Error}")]
    public static partial void Disconnected(ILogger logger, string connectionId, string hub, string? error);

    [LoggerMessage(9103, LogLevel.Warning, "Client {ConnectionId} refused, the upstream answered {Status} to connected")]
    public static partial void Refused(ILogger logger, string connectionId, int status);

    [LoggerMessage(9104, LogLevel.Warning, "Client {ConnectionId} is too slow, {Bytes} bytes were waiting for it: disconnected")]
    public static partial void TooSlow(ILogger logger, string connectionId, long bytes);

    [LoggerMessage(9105, LogLevel.Warning, "Upstream {Category}/{Event} of hub {Hub} failed with {Status}")]
    public static partial void UpstreamFailed(ILogger logger, string hub, string category, string @event, int status, Exception? exception);

    [LoggerMessage(9106, LogLevel.Warning, "{Method} {Path} rejected: {Reason}")]
    public static partial void Unauthorized(ILogger logger, string method, string path, string reason);
}
