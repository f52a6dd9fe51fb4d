using System.Net;

namespace Vox.Platform.Limits;

/// <summary>A network, as people write it: <c>203.0.113.0/24</c>, <c>2001:db8::/32</c>, or a single address.</summary>
internal static class AddressRange
{
    /// <returns>The network in the one form in which it is stored; null for a text that names none.</returns>
    public static string? Canonical(string? text) => Parse(text?.Trim() ?? "")?.ToString();

    /// <param name="range">Made by <see cref="Canonical"/>.</param>
    /// <param name="address">IPv4 may be written as IPv6 (<c>::ffff:203.0.113.7</c>), as sockets that take both do.</param>
    public static bool Contains(string range, IPAddress address) =>
        Parse(range) is { } network && network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private static IPNetwork? Parse(string text)
    {
        // Of an address with a zone (fe80::1%eth0) only this machine knows what it means.
        if (text.Length > 64 || text.Contains('%', StringComparison.Ordinal))
        {
            return null;
        }

        if (!text.Contains('/', StringComparison.Ordinal))
        {
            // .NET also reads "1" and "0x7f.1" as addresses: only four numbers are what people mean.
            return IPAddress.TryParse(text, out var one) && (text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3)
                ? Single(one.IsIPv4MappedToIPv6 ? one.MapToIPv4() : one)
                : null;
        }

        // .NET drops bits after the network's length. Who has written some may have meant another length.
        return IPNetwork.TryParse(text, out var network) && !network.BaseAddress.IsIPv4MappedToIPv6
            && IPAddress.TryParse(text[..text.IndexOf('/', StringComparison.Ordinal)], out var written)
            && network.BaseAddress.Equals(written)
            ? network
            : null;
    }

    private static IPNetwork Single(IPAddress address) => new(address, address.GetAddressBytes().Length * 8);
}
