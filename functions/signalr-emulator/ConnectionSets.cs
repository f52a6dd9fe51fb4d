namespace Vox.SignalREmulation;

/// <summary>Connections by user or by group. Empty sets are forgotten.</summary>
internal sealed class ConnectionSets
{
    private readonly Dictionary<string, HashSet<ClientConnection>> sets = new(StringComparer.Ordinal);

    /// <summary>A copy: the sets may change while it is used.</summary>
    public string[] Keys => [.. sets.Keys];

    public IReadOnlySet<ClientConnection> Of(string key) => sets.TryGetValue(key, out var set) ? set : EmptySet;

    private static HashSet<ClientConnection> EmptySet { get; } = [];

    public void Add(string key, ClientConnection connection)
    {
        if (!sets.TryGetValue(key, out var set))
        {
            sets[key] = set = [];
        }

        set.Add(connection);
    }

    /// <returns>False if it was not in the set.</returns>
    public bool Remove(string key, ClientConnection connection)
    {
        if (!sets.TryGetValue(key, out var set) || !set.Remove(connection))
        {
            return false;
        }

        if (set.Count == 0)
        {
            sets.Remove(key);
        }

        return true;
    }
}
