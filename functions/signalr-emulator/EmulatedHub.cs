namespace Vox.SignalREmulation;

/// <summary>
/// Who is connected to a hub and in which groups. A group holds connections, which leave it when they end, and users, who stay in it
/// while they are away (see <see cref="UserGroups"/>). One lock suffices: every operation is a few dictionary look-ups.
/// </summary>
internal sealed class EmulatedHub(string name, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ClientConnection> connections = new(StringComparer.Ordinal);
    private readonly ConnectionSets users = new();
    private readonly ConnectionSets groups = new();
    private readonly UserGroups userGroups = new(time);

    public string Name { get; } = name;

    public void Add(ClientConnection connection)
    {
        lock (gate)
        {
            connections[connection.Id] = connection;
            if (connection.User.Id is { } user)
            {
                users.Add(user, connection);
            }
        }
    }

    public void Remove(ClientConnection connection)
    {
        lock (gate)
        {
            connections.Remove(connection.Id);
            if (connection.User.Id is { } user)
            {
                users.Remove(user, connection);
            }

            RemoveFromAllGroups(connection);
        }
    }

    public ClientConnection[] All()
    {
        lock (gate)
        {
            return [.. connections.Values];
        }
    }

    public ClientConnection[] OfConnection(string id)
    {
        lock (gate)
        {
            return connections.TryGetValue(id, out var connection) ? [connection] : [];
        }
    }

    public ClientConnection[] OfUser(string user)
    {
        lock (gate)
        {
            return [.. users.Of(user)];
        }
    }

    /// <summary>Each connection once, whether it is in the group itself, through its user, or both.</summary>
    public ClientConnection[] OfGroup(string group)
    {
        lock (gate)
        {
            var members = new HashSet<ClientConnection>(groups.Of(group));
            foreach (var user in userGroups.UsersOf(group))
            {
                members.UnionWith(users.Of(user));
            }

            return [.. members];
        }
    }

    /// <returns>False if there is no such connection.</returns>
    public bool AddConnectionToGroup(string id, string group)
    {
        lock (gate)
        {
            if (!connections.TryGetValue(id, out var connection))
            {
                return false;
            }

            groups.Add(group, connection);
            return true;
        }
    }

    /// <returns>False if the connection was not in the group.</returns>
    public bool RemoveConnectionFromGroup(string id, string group)
    {
        lock (gate)
        {
            return connections.TryGetValue(id, out var connection) && groups.Remove(group, connection);
        }
    }

    public void RemoveConnectionFromAllGroups(string id)
    {
        lock (gate)
        {
            if (connections.TryGetValue(id, out var connection))
            {
                RemoveFromAllGroups(connection);
            }
        }
    }

    /// <param name="timeToLive">Zero: only the user's current connections join. Null: for as long as the service keeps it, a year.</param>
    public void AddUserToGroup(string user, string group, TimeSpan? timeToLive)
    {
        lock (gate)
        {
            if (timeToLive != TimeSpan.Zero)
            {
                userGroups.Add(user, group, timeToLive);
            }
            else
            {
                foreach (var connection in users.Of(user))
                {
                    groups.Add(group, connection);
                }
            }
        }
    }

    public void RemoveUserFromGroup(string user, string group)
    {
        lock (gate)
        {
            userGroups.Remove(user, group);
            foreach (var connection in users.Of(user))
            {
                groups.Remove(group, connection);
            }
        }
    }

    public void RemoveUserFromAllGroups(string user)
    {
        lock (gate)
        {
            userGroups.RemoveAll(user);
            foreach (var connection in users.Of(user))
            {
                RemoveFromAllGroups(connection);
            }
        }
    }

    public bool IsUserInGroup(string user, string group)
    {
        lock (gate)
        {
            return userGroups.Contains(user, group)
                || groups.Of(group).Overlaps(users.Of(user));
        }
    }

    private void RemoveFromAllGroups(ClientConnection connection)
    {
        foreach (var group in groups.Keys)
        {
            groups.Remove(group, connection);
        }
    }
}
