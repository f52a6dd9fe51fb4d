using System.Collections.Concurrent;

namespace Vox.SignalREmulation;

internal sealed class EmulatedHubs(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, EmulatedHub> _hubs = new(StringComparer.Ordinal);

    public IEnumerable<ClientConnection> Connections => _hubs.Values.SelectMany(hub => hub.All());

    public EmulatedHub Get(string name) => _hubs.GetOrAdd(name.ToLowerInvariant(), key => new EmulatedHub(key, time));
}
