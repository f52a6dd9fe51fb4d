namespace Vox.SignalREmulation;

/// <summary>What the service would count and bill. Tests read it to keep the number of pushes low.</summary>
internal sealed class SignalRCounters
{
    private long sendsToAll, sendsToUsers, sendsToGroups, sendsToConnections, outbound, upstream;

    /// <summary>Accepted REST sends, by addressee.</summary>
    public long SendsToAll => Interlocked.Read(ref sendsToAll);
    public long SendsToUsers => Interlocked.Read(ref sendsToUsers);
    public long SendsToGroups => Interlocked.Read(ref sendsToGroups);
    public long SendsToConnections => Interlocked.Read(ref sendsToConnections);
    public long Sends => SendsToAll + SendsToUsers + SendsToGroups + SendsToConnections;

    /// <summary>Copies handed to client connections: one send to a group of ten counts as ten.</summary>
    public long OutboundMessages => Interlocked.Read(ref outbound);

    /// <summary>Events posted to the app.</summary>
    public long UpstreamCalls => Interlocked.Read(ref upstream);

    public void CountSend(string addressee)
    {
        switch (addressee)
        {
            case "users":
                Interlocked.Increment(ref sendsToUsers);
                break;
            case "groups":
                Interlocked.Increment(ref sendsToGroups);
                break;
            case "connections":
                Interlocked.Increment(ref sendsToConnections);
                break;
            default:
                Interlocked.Increment(ref sendsToAll);
                break;
        }
    }

    public void CountOutbound() => Interlocked.Increment(ref outbound);

    public void CountUpstream() => Interlocked.Increment(ref upstream);
}
