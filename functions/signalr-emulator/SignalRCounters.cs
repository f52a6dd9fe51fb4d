namespace Vox.SignalREmulation;

/// <summary>What the service would count and bill. Tests read it to keep the number of pushes low.</summary>
internal sealed class SignalRCounters
{
    private long sendsToAll, _sendsToUsers, _sendsToGroups, _sendsToConnections, _outbound, upstream;

    /// <summary>Accepted REST sends, by addressee.</summary>
    public long SendsToAll => Interlocked.Read(ref sendsToAll);
    public long SendsToUsers => Interlocked.Read(ref _sendsToUsers);
    public long SendsToGroups => Interlocked.Read(ref _sendsToGroups);
    public long SendsToConnections => Interlocked.Read(ref _sendsToConnections);
    public long Sends => SendsToAll + SendsToUsers + SendsToGroups + SendsToConnections;

    /// <summary>Copies handed to client connections: one send to a group of ten counts as ten.</summary>
    public long OutboundMessages => Interlocked.Read(ref _outbound);

    /// <summary>Events posted to the app.</summary>
    public long UpstreamCalls => Interlocked.Read(ref upstream);

    public void CountSend(string addressee)
    {
        switch (addressee)
        {
            case "users":
                Interlocked.Increment(ref _sendsToUsers);
                break;
            case "groups":
                Interlocked.Increment(ref _sendsToGroups);
                break;
            case "connections":
                Interlocked.Increment(ref _sendsToConnections);
                break;
            default:
                Interlocked.Increment(ref sendsToAll);
                break;
        }
    }

    public void CountOutbound() => Interlocked.Increment(ref _outbound);

    public void CountUpstream() => Interlocked.Increment(ref upstream);
}
