using System.Net;

namespace Vox.Chat.Push;

/// <summary>Connections to the services of Apple and Google.</summary>
internal static class PushClients
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    /// <param name="maxAnswer">How many bytes of an answer are read.</param>
    public static HttpClient Create(int maxAnswer) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeLimit,
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        // A connection that has died is found before the next message waits for it.
        KeepAlivePingDelay = TimeSpan.FromSeconds(60),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        EnableMultipleHttp2Connections = true,
    })
    {
        Timeout = TimeLimit,
        MaxResponseContentBufferSize = maxAnswer,
    };

    /// <summary>Whether something went wrong on the way, and it was not the caller who stopped.</summary>
    public static bool IsNetwork(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    public static bool IsServerError(HttpStatusCode status) => status >= HttpStatusCode.InternalServerError;
}
