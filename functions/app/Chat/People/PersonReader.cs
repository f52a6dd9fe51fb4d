using Vox.Chat.Users;
using Vox.Platform.Storage;

namespace Vox.Chat.People;

/// <summary>What one user may see of others.</summary>
public sealed class PersonReader(PersonStore people, PresenceStore presence, IAudience audience, UserService users)
{
    /// <summary>Returns those of the ids that are users. A user who has blocked the asker looks offline to them.</summary>
    public async Task<IReadOnlyList<PersonView>> ReadAsync(
        string projectId, IEnumerable<string> ids, string asker, CancellationToken cancellationToken)
    {
        var found = await ManyRequests.EachAsync(
            ids.Distinct(StringComparer.Ordinal), id => ReadOneAsync(projectId, id, asker, cancellationToken), cancellationToken);
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
        var hidden = await online && await audience.IsBlockedAsync(projectId, id, asker, cancellationToken);
        return new PersonView(id, profile.DisplayName, profile.Status, profile.Photo, await online && !hidden, lastSeen);
    }
}
