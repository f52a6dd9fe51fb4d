using System.Net;
using System.Net.Sockets;

namespace Vox.SignalREmulation;

/// <summary>The addresses that <c>localhost</c> may stand for: programs take the first that answers, and some try only one.</summary>
internal static class Loopback
{
    /// <summary>127.0.0.1, and ::1 on a machine that has it. With port 0 only the first: the two would get different ports.</summary>
    public static IReadOnlyList<IPAddress> Addresses(int port) =>
        port != 0 && HasIPv6() ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback];

    /// <summary>Whether nobody listens on a port of any of them. Port 0 is always free.</summary>
    public static bool IsFree(int port) => Addresses(port).All(address => CanListen(address, port));

    private static bool HasIPv6() => Socket.OSSupportsIPv6 && CanListen(IPAddress.IPv6Loopback, 0);

    private static bool CanListen(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
