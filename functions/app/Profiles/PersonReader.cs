using Vox.Contacts;
using Vox.Presence;
using Vox.Users;

namespace Vox.Profiles;

/// <summary>What one user may see of others.</summary>
public sealed class PersonReader(PersonStore people, PresenceStore presence, ContactStore contacts, UserService users)
{
    private const int Parallel = 16;

    /// <summary>Those of the ids that are users. Somebody who has blocked the asker looks offline to him.</summary>
    public async Task<IReadOnlyList<PersonView>> ReadAsync(
        string projectId, IEnumerable<string> ids, string asker, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(Parallel);
        var found = await Task.WhenAll(ids.Distinct(StringComparer.Ordinal).Select(async id =>
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                return await ReadOneAsync(projectId, id, asker, cancellationToken);
            }
            finally
            {
                slots.Release();
            }
        }));
        return [.. found.OfType<PersonView>()];
    }

    private async Task<PersonView?> ReadOneAsync(string projectId, string id, string asker, CancellationToken cancellationToken)
    {
        if (await users.FindRecentAsync(projectId, id, cancellationToken) is null)
        {
            return null;
        }

        var person = people.ReadAsync(projectId, id, cancellationToken);
        var online = presence.IsOnlineAsync(projectId, id, cancellationToken);
        var (profile, lastSeen) = await person;
        var hidden = await online && await contacts.IsBlockedAsync(projectId, id, asker, cancellationToken);
        return new PersonView(id, profile.DisplayName, profile.Status, profile.Photo, await online && !hidden, lastSeen);
    }
}
