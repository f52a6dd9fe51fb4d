namespace Vox.SignalREmulation;

/// <summary>
/// Who is connected to a hub and in which groups. A group holds connections, which leave with the connection, and users, who stay while
/// they are away (see <see cref="UserGroups"/>). One lock: every operation is a few dictionary look-ups.
/// </summary>
internal sealed class EmulatedHub(string name, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ClientConnection> _connections = new(StringComparer.Ordinal);
    private readonly ConnectionSets _users = new();
    private readonly ConnectionSets _groups = new();
    private readonly UserGroups _userGroups = new(time);

    public string Name { get; } = name;

    public void Add(ClientConnection connection)
    {
        lock (_gate)
        {
            _connections[connection.Id] = connection;
            if (connection.User.Id is { } user)
            {
                _users.Add(user, connection);
            }
        }
    }

    public void Remove(ClientConnection connection)
    {
        lock (_gate)
        {
            _connections.Remove(connection.Id);
            if (connection.User.Id is { } user)
            {
                _users.Remove(user, connection);
            }

            RemoveFromAllGroups(connection);
        }
    }

    public ClientConnection[] All()
    {
        lock (_gate)
        {
            return [.. _connections.Values];
        }
    }

    public ClientConnection[] OfConnection(string id)
    {
        lock (_gate)
        {
            return _connections.TryGetValue(id, out var connection) ? [connection] : [];
        }
    }

    public ClientConnection[] OfUser(string user)
    {
        lock (_gate)
        {
            return [.. _users.Of(user)];
        }
    }

    /// <summary>Each connection once, whether it is in the group itself, by its user or both.</summary>
    public ClientConnection[] OfGroup(string group)
    {
        lock (_gate)
        {
            var members = new HashSet<ClientConnection>(_groups.Of(group));
            foreach (var user in _userGroups.UsersOf(group))
            {
                members.UnionWith(_users.Of(user));
            }

            return [.. members];
        }
    }

    /// <returns>False if there is no such connection.</returns>
    public bool AddConnectionToGroup(string id, string group)
    {
        lock (_gate)
        {
            if (!_connections.TryGetValue(id, out var connection))
            {
                return false;
            }

            _groups.Add(group, connection);
            return true;
        }
    }

    /// <returns>False if the connection was not in the group.</returns>
    public bool RemoveConnectionFromGroup(string id, string group)
    {
        lock (_gate)
        {
            return _connections.TryGetValue(id, out var connection) && _groups.Remove(group, connection);
        }
    }

    public void RemoveConnectionFromAllGroups(string id)
    {
        lock (_gate)
        {
            if (_connections.TryGetValue(id, out var connection))
            {
                RemoveFromAllGroups(connection);
            }
        }
    }

    /// <param name="timeToLive">Zero: only the connections that the user has now. Null: for good, or what the service means by it.</param>
    public void AddUserToGroup(string user, string group, TimeSpan? timeToLive)
    {
        lock (_gate)
        {
            if (timeToLive != TimeSpan.Zero)
            {
                _userGroups.Add(user, group, timeToLive);
            }
            else
            {
                foreach (var connection in _users.Of(user))
                {
                    _groups.Add(group, connection);
                }
            }
        }
    }

    public void RemoveUserFromGroup(string user, string group)
    {
        lock (_gate)
        {
            _userGroups.Remove(user, group);
            foreach (var connection in _users.Of(user))
            {
                _groups.Remove(group, connection);
            }
        }
    }

    public void RemoveUserFromAllGroups(string user)
    {
        lock (_gate)
        {
            _userGroups.RemoveAll(user);
            foreach (var connection in _users.Of(user))
            {
                RemoveFromAllGroups(connection);
            }
        }
    }

    public bool IsUserInGroup(string user, string group)
    {
        lock (_gate)
        {
            return _userGroups.Contains(user, group)
                || _groups.Of(group).Overlaps(_users.Of(user));
        }
    }

    private void RemoveFromAllGroups(ClientConnection connection)
    {
        foreach (var group in _groups.Keys)
        {
            _groups.Remove(group, connection);
        }
    }
}
