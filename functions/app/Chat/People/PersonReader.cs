using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.Storage;

namespace Vox.Chat.People;

/// <summary>
/// What one user may see of others. Whoever was blocked by a user sees neither whether they are online nor when they were. If the project
/// shows users only to their contacts, all others see nothing of them.
/// </summary>
public sealed class PersonReader(PersonStore people, PresenceStore presence, IAudience audience, UserService users)
{
    /// <summary>Those of the ids that are users and that the asker may find, each once.</summary>
    public async Task<IReadOnlyList<PersonView>> ReadAsync(
        Project project, IEnumerable<string> ids, string asker, CancellationToken cancellationToken)
    {
        var found = await ManyRequests.EachAsync(
            ids.Distinct(StringComparer.Ordinal), id => ReadOneAsync(project, id, asker, cancellationToken), cancellationToken);
        return [.. found.OfType<PersonView>().DistinctBy(person => person.Id, StringComparer.Ordinal)];
    }

    private async Task<PersonView?> ReadOneAsync(Project project, string id, string asker, CancellationToken cancellationToken)
    {
        if (await users.FindRecentAsync(project.User(id), cancellationToken) is not { } found)
        {
            return null;
        }

        var user = found.Identity;
        var self = user.LoginId == asker;
        if (project.Visibility == Visibility.Contacts && !self && !await audience.IsContactAsync(user, asker, cancellationToken))
        {
            return null;
        }

        var person = people.ReadAsync(user, cancellationToken);
        var since = presence.OnlineSinceAsync(user, cancellationToken);
        var blocked = self ? Task.FromResult(false) : audience.IsBlockedAsync(user, asker, cancellationToken);
        var (profile, lastSeen) = await person;
        var online = await since;
        return View(user.LoginId, profile, lastSeen, online, await blocked);
    }

    /// <param name="onlineSince">Unix ms; null when offline.</param>
    /// <param name="blocked">Whether the user has blocked the asker.</param>
    internal static PersonView View(string loginId, Profile profile, long lastSeen, long? onlineSince, bool blocked) => new(
        loginId, profile.DisplayName, profile.Status, profile.Photo, Online: !blocked && onlineSince is not null,
        LastSeen: blocked ? 0 : Math.Max(onlineSince ?? 0, lastSeen));
}
