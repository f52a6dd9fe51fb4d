using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Vox.DevHost.DevTools;

internal static class FreePort
{
    // Below the ranges that Linux (32768) and Windows (49152) take the ports of outgoing connections from: a port from there may
    // be taken by any connection between the moment it was found free and the moment a server (or its restart) binds it.
    private const int First = 15_000;
    private const int End = 32_768;

    /// <summary>A port nobody listens on. Somebody may take it before the caller does: whoever cannot live with that passes 0 to its server.</summary>
    public static int Find() => FindMany(1)[0];

    /// <summary>They differ.</summary>
    /// <exception cref="InvalidOperationException">Hardly a port is free.</exception>
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
