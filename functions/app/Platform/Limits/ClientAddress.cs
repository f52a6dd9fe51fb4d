using System.Net;
using System.Net.Sockets;

namespace Vox.Platform.Limits;

/// <summary>Where a request comes from, as far as that can be trusted.</summary>
/// <param name="Ip">Null where no trustworthy address is known. Limits by address then apply to nobody, not to all as if they were
/// one.</param>
public sealed record ClientAddress(IPAddress? Ip)
{
    private static readonly AsyncLocal<ClientAddress?> Ambient = new();

    public static ClientAddress Unknown { get; } = new((IPAddress?)null);

    /// <summary>Of the request under way. Like a trace, it is known everywhere below the middleware without being passed on.</summary>
    public static ClientAddress Current
    {
        get => Ambient.Value ?? Unknown;
        internal set => Ambient.Value = value;
    }

    /// <summary>For people to read.</summary>
    public string Text => Ip?.ToString() ?? "unknown";

    /// <summary>
    /// What counts as one caller. A household or a host has a whole /64 of IPv6, with too many addresses to count, so that is its
    /// network.
    /// </summary>
    public string? Network { get; } = NetworkOf(Ip)?.ToString();

    private static IPAddress? NetworkOf(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 })
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
