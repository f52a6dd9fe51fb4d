using System.Net;
using System.Net.Sockets;

namespace Vox.Platform.Outbound;

/// <summary>Which addresses are on the public internet. All others may be those of our own network, or of the platform itself.</summary>
internal static class PublicAddress
{
    /// <summary>Special-purpose addresses (RFC 6890 and its registry), and Azure's own virtual address.</summary>
    private static readonly IPNetwork[] NotPublic =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "168.63.129.16/32",
            // Within the public range of IPv6: Teredo and other protocols, documentation, and 6to4, which leads to any IPv4 address.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        ]).Select(text => IPNetwork.Parse(text)),
    ];

    /// <summary>What the registry gives out of IPv6. NAT64, unique local, link-local and mapped addresses lie outside.</summary>
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    public static bool Is(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return (plain.AddressFamily == AddressFamily.InterNetwork || Global.Contains(plain))
            && !Array.Exists(NotPublic, network => network.Contains(plain));
    }
}
