using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Vox.Platform.Outbound;

/// <param name="Status">The HTTP status.</param>
/// <param name="Body">As much as was asked for at most.</param>
/// <param name="IsWhole">False when the body goes on.</param>
public sealed record OutboundAnswer(int Status, ReadOnlyMemory<byte> Body, bool IsWhole)
{
    /// <summary>When the address wants to be asked again; null when it does not say.</summary>
    public RetryConditionHeaderValue? RetryAfter { get; init; }
}

/// <summary>
/// Makes requests to addresses that customers give us. They must not lead into our own network: each address is checked when the connection
/// is made to it, so that a name cannot mean one address for a check and another one afterwards. No redirect is followed and no proxy used;
/// no request takes longer than ten seconds.
/// </summary>
public sealed class OutboundGuard : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    private readonly bool allowLoopback;
    private readonly HttpClient client;

    public OutboundGuard(IOptions<OutboundOptions> options)
    {
        allowLoopback = options.Value.AllowLoopback;
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeLimit,
            MaxResponseHeadersLength = 32,
            MaxConnectionsPerServer = 32,
            // A name that has moved is looked up again, and checked again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = ConnectAsync,
        })
        {
            // Each request has its own limit, which includes its body.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>What is wrong with an address, as far as it can be seen without a look at the network. Null for nothing.</summary>
    public string? Check(string? address)
    {
        if (address is not { Length: > 0 and <= 2_000 } || !Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            return "must be an address such as https://example.com/path.";
        }

        var isLiteral = IPAddress.TryParse(uri.Host.Trim('[', ']'), out var literal);
        var isLoopback = uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (isLiteral && IPAddress.IsLoopback(literal!));
        return uri switch
        {
            { UserInfo.Length: > 0 } => "may not have a user or a password in it.",
            { Scheme: "http" } when allowLoopback && isLoopback => null,
            { Scheme: not "https" } => "must begin with https://.",
            _ when isLiteral && !MayConnect(literal!) => "must be on the public internet.",
            _ => null,
        };
    }

    /// <summary>Sends a request and reads its answer.</summary>
    /// <param name="maxBytes">How much of the body is read.</param>
    /// <exception cref="OutboundException">The address is not allowed, or did not answer in time.</exception>
    public async Task<OutboundAnswer> SendAsync(HttpRequestMessage request, int maxBytes, CancellationToken cancellationToken)
    {
        if (Check(request.RequestUri?.ToString()) is { } wrong)
        {
            throw new OutboundException("The address " + wrong);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(limit.Token);
            var buffer = new byte[maxBytes + 1];
            var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, limit.Token);
            return new OutboundAnswer((int)response.StatusCode, buffer.AsMemory(0, Math.Min(read, maxBytes)), read <= maxBytes)
            {
                RetryAfter = response.Headers.RetryAfter,
            };
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OutboundException("The address did not answer within ten seconds.", e);
        }
        catch (HttpRequestException e)
        {
            throw e.InnerException as OutboundException ?? new OutboundException("The address could not be reached.", e);
        }
        catch (IOException e)
        {
            throw new OutboundException("The address broke off its answer.", e);
        }
    }

    public void Dispose() => client.Dispose();

    private bool MayConnect(IPAddress address) => PublicAddress.Is(address) || (allowLoopback && IPAddress.IsLoopback(address));

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var found = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        // All of them must be public: a name that also leads elsewhere is not what it seems.
        if (found.Length == 0 || !Array.TrueForAll(found, MayConnect))
        {
            throw new OutboundException("The address leads to a network that is not public: requests there are not made.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // To the addresses that were checked, not to the name.
            await socket.ConnectAsync(found, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
