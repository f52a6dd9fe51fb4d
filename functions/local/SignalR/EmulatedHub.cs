namespace Vox.Local.SignalR;

/// <summary>
/// Who is connected to a hub and in which groups. A group holds connections, which leave with the connection, and users, who stay while
/// they are away (see <see cref="UserGroups"/>). One lock: every operation is a few dictionary look-ups.
/// </summary>
internal sealed class EmulatedHub(string name, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ClientConnection> _connections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<ClientConnection>> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<ClientConnection>> _groups = new(StringComparer.Ordinal);
    private readonly UserGroups _userGroups = new(time);

    public string Name { get; } = name;

    public void Add(ClientConnection connection)
    {
        lock (_gate)
        {
            _connections[connection.Id] = connection;
            if (connection.User.Id is { } user)
                AddTo(_users, user, connection);
        }
    }

    public void Remove(ClientConnection connection)
    {
        lock (_gate)
        {
            _connections.Remove(connection.Id);
            if (connection.User.Id is { } user)
                RemoveFrom(_users, user, connection);
            RemoveFromAllGroups(connection);
        }
    }

    public ClientConnection[] All()
    {
        lock (_gate)
            return [.. _connections.Values];
    }

    public ClientConnection[] OfConnection(string id)
    {
        lock (_gate)
            return _connections.TryGetValue(id, out var connection) ? [connection] : [];
    }

    public ClientConnection[] OfUser(string user)
    {
        lock (_gate)
            return [.. _users.GetValueOrDefault(user) ?? []];
    }

    /// <summary>Each connection once, whether it is in the group itself, by its user or both.</summary>
    public ClientConnection[] OfGroup(string group)
    {
        lock (_gate)
        {
            var members = new HashSet<ClientConnection>(_groups.GetValueOrDefault(group) ?? []);
            foreach (var user in _userGroups.UsersOf(group))
                members.UnionWith(_users.GetValueOrDefault(user) ?? []);
            return [.. members];
        }
    }

    /// <returns>False if there is no such connection.</returns>
    public bool AddConnectionToGroup(string id, string group)
    {
        lock (_gate)
        {
            if (!_connections.TryGetValue(id, out var connection))
                return false;
            AddTo(_groups, group, connection);
            return true;
        }
    }

    /// <returns>False if the connection was not in the group.</returns>
    public bool RemoveConnectionFromGroup(string id, string group)
    {
        lock (_gate)
            return _connections.TryGetValue(id, out var connection) && RemoveFrom(_groups, group, connection);
    }

    public void RemoveConnectionFromAllGroups(string id)
    {
        lock (_gate)
        {
            if (_connections.TryGetValue(id, out var connection))
                RemoveFromAllGroups(connection);
        }
    }

    /// <param name="timeToLive">Zero: only the connections that the user has now. Null: for good, or what the service means by it.</param>
    public void AddUserToGroup(string user, string group, TimeSpan? timeToLive)
    {
        lock (_gate)
        {
            if (timeToLive != TimeSpan.Zero)
                _userGroups.Add(user, group, timeToLive);
            else
                foreach (var connection in _users.GetValueOrDefault(user) ?? [])
                    AddTo(_groups, group, connection);
        }
    }

    public void RemoveUserFromGroup(string user, string group)
    {
        lock (_gate)
        {
            _userGroups.Remove(user, group);
            foreach (var connection in _users.GetValueOrDefault(user) ?? [])
                RemoveFrom(_groups, group, connection);
        }
    }

    public void RemoveUserFromAllGroups(string user)
    {
        lock (_gate)
        {
            _userGroups.RemoveAll(user);
            foreach (var connection in _users.GetValueOrDefault(user) ?? [])
                RemoveFromAllGroups(connection);
        }
    }

    public bool IsUserInGroup(string user, string group)
    {
        lock (_gate)
            return _userGroups.Contains(user, group)
                || (_groups.TryGetValue(group, out var members) && members.Overlaps(_users.GetValueOrDefault(user) ?? []));
    }

    private void RemoveFromAllGroups(ClientConnection connection)
    {
        foreach (var group in _groups.Keys.ToArray())
            RemoveFrom(_groups, group, connection);
    }

    private static void AddTo(Dictionary<string, HashSet<ClientConnection>> sets, string key, ClientConnection connection)
    {
        if (!sets.TryGetValue(key, out var set))
            sets[key] = set = [];
        set.Add(connection);
    }

    private static bool RemoveFrom(Dictionary<string, HashSet<ClientConnection>> sets, string key, ClientConnection connection)
    {
        if (!sets.TryGetValue(key, out var set) || !set.Remove(connection))
            return false;
        if (set.Count == 0)
            sets.Remove(key);
        return true;
    }
}
