using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Vox.DevHost.DevTools;

internal static class FreePort
{
    // Below the ranges from which Linux (32768) and Windows (49152) take the ports of outgoing connections. Any connection may take a port
    // of those ranges between the moment it was found free and the moment a server binds it, or binds it again after a restart.
    private const int First = 15_000;
    private const int End = 32_768;

    /// <summary>
    /// A port on which nobody listens. Another process may take it before the caller does: callers that cannot accept that pass 0 to
    /// their server.
    /// </summary>
    public static int Find() => FindMany(1)[0];

    /// <summary>Different free ports.</summary>
    /// <exception cref="InvalidOperationException">Hardly any port is free.</exception>
    public static int[] FindMany(int count)
    {
        var ports = new HashSet<int>();
        for (var attempt = 0; ports.Count < count; attempt++)
        {
            if (attempt == 1_000)
            {
                throw new InvalidOperationException($"No {count} free ports were found between {First} and {End - 1}.");
            }

            var port = RandomNumberGenerator.GetInt32(First, End);
            if (!ports.Contains(port) && IsFree(port))
            {
                ports.Add(port);
            }
        }
        return [.. ports];
    }

    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
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
