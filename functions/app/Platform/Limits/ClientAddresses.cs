using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Vox.Platform.Limits;

/// <summary>
/// Finds the address that a request comes from. Only what a proxy of ours wrote counts: clients can send any header themselves.
/// </summary>
public sealed class ClientAddresses(IOptions<LimitOptions> options)
{
    public ClientAddress Of(HttpRequest request)
    {
        // Front Door writes both headers, whatever the client sent. Its id says that it is our Front Door and not another's.
        if (options.Value.FrontDoorId is { Length: > 0 } id
            && string.Equals(request.Headers["X-Azure-FDID"].ToString(), id, StringComparison.OrdinalIgnoreCase))
        {
            return Parse(request.Headers["X-Azure-ClientIP"].ToString());
        }

        if (options.Value.ClientAddressHeader is { Length: > 0 } header && request.Headers[header].ToString() is { Length: > 0 } value)
        {
            // A proxy appends the address that it sees. What stands before it came with the request, and may be anything.
            return Parse(value[(value.LastIndexOf(',') + 1)..]);
        }

        // A connection from this machine is one from the Functions host, or from a proxy: the address of neither is the client's.
        return request.HttpContext.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address)
            ? new ClientAddress(address)
            : ClientAddress.Unknown;
    }

    /// <summary>With a port behind it, too: <c>203.0.113.7:50412</c>, <c>[2001:db8::7]:50412</c>.</summary>
    private static ClientAddress Parse(string text) =>
        IPAddress.TryParse(text.Trim(), out var address) ? new ClientAddress(address)
        : IPEndPoint.TryParse(text.Trim(), out var endpoint) ? new ClientAddress(endpoint.Address)
        : ClientAddress.Unknown;
}
