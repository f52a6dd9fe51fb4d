namespace Vox.SignalREmulation;

/// <summary>
/// Stored memberships of users in groups. Those without a lifetime last a year, and only a user's latest hundred of them are kept: the
/// service silently forgets the others, and so must this. Not thread-safe: <see cref="EmulatedHub"/> locks.
/// </summary>
internal sealed class UserGroups(TimeProvider time)
{
    private readonly Dictionary<string, Dictionary<string, Membership>> byUser = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> byGroup = new(StringComparer.Ordinal);
    private long clock;

    public void Add(string user, string group, TimeSpan? timeToLive)
    {
        if (!byUser.TryGetValue(user, out var groups))
        {
            byUser[user] = groups = new(StringComparer.Ordinal);
        }

        if (!byGroup.TryGetValue(group, out var users))
        {
            byGroup[group] = users = new(StringComparer.Ordinal);
        }

        groups[group] = new(time.GetUtcNow() + (timeToLive ?? SignalRLimits.StoredGroupLifetime), timeToLive is null, clock++);
        users.Add(user);

        var lasting = groups.Where(pair => pair.Value.IsLasting).ToArray();
        if (lasting.Length > SignalRLimits.MaxStoredGroupsPerUser)
        {
            Remove(user, lasting.MinBy(pair => pair.Value.Order).Key);
        }
    }

    public bool Contains(string user, string group)
    {
        if (!byUser.TryGetValue(user, out var groups) || !groups.TryGetValue(group, out var membership))
        {
            return false;
        }

        if (membership.Expires > time.GetUtcNow())
        {
            return true;
        }

        Remove(user, group);
        return false;
    }

    public IEnumerable<string> UsersOf(string group)
        => byGroup.TryGetValue(group, out var users) ? users.ToArray().Where(user => Contains(user, group)) : [];

    public void Remove(string user, string group)
    {
        if (!byUser.TryGetValue(user, out var groups) || !groups.Remove(group))
        {
            return;
        }

        if (groups.Count == 0)
        {
            byUser.Remove(user);
        }

        var users = byGroup[group];
        users.Remove(user);
        if (users.Count == 0)
        {
            byGroup.Remove(group);
        }
    }

    public void RemoveAll(string user)
    {
        foreach (var group in byUser.GetValueOrDefault(user)?.Keys.ToArray() ?? [])
        {
            Remove(user, group);
        }
    }

    private readonly record struct Membership(DateTimeOffset Expires, bool IsLasting, long Order);
}
