using Vox.Chat.Model;
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
            ids.Distinct(StringComparer.Ordinal), id => ReadOneAsync(new(projectId, id), asker, cancellationToken), cancellationToken);
        return [.. found.OfType<PersonView>()];
    }

    private async Task<PersonView?> ReadOneAsync(UserKey user, string asker, CancellationToken cancellationToken)
    {
        if (await users.FindRecentAsync(user, cancellationToken) is null)
        {
            return null;
        }

        var person = people.ReadAsync(user, cancellationToken);
        var online = presence.IsOnlineAsync(user, cancellationToken);
        var (profile, lastSeen) = await person;
        var hidden = await online && await audience.IsBlockedAsync(user, asker, cancellationToken);
        return new PersonView(user.LoginId, profile.DisplayName, profile.Status, profile.Photo, await online && !hidden, lastSeen);
    }
}
