using System.Net;
using System.Net.Sockets;

namespace Vox.Local.DevTools;

internal static class FreePort
{
    /// <summary>A port nobody listens on. Somebody may take it before the caller does: whoever cannot live with that passes 0 to its server.</summary>
    public static int Find() => FindMany(1)[0];

    /// <summary>All of them held at the same time, so they differ.</summary>
    public static int[] FindMany(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            foreach (var listener in listeners)
                listener.Start();
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners)
                listener.Dispose();
        }
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
