using System.Collections.Concurrent;

namespace Vox.SignalREmulation;

internal sealed class EmulatedHubs(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, EmulatedHub> hubs = new(StringComparer.Ordinal);

    public IEnumerable<ClientConnection> Connections => hubs.Values.SelectMany(hub => hub.All());

    public EmulatedHub Get(string name) => hubs.GetOrAdd(name.ToLowerInvariant(), key => new EmulatedHub(key, time));
}
