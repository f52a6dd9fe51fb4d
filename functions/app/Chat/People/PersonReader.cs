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
    /// <summary>From so many on, they are read together.</summary>
    private const int Many = 20;

    /// <summary>Those of the ids that are users and that the asker may find, each once.</summary>
    public async Task<IReadOnlyList<PersonView>> ReadAsync(
        Project project, IEnumerable<string> ids, string asker, CancellationToken cancellationToken)
    {
        var distinct = ids.Distinct(StringComparer.Ordinal).ToList();
        var found = distinct.Count < Many
            ? (await ManyRequests.EachAsync(distinct, id => ReadOneAsync(project, id, asker, cancellationToken), cancellationToken))
                .OfType<PersonView>()
            : await ReadManyAsync(project, distinct, asker, cancellationToken);
        return [.. found.DistinctBy(person => person.Id, StringComparer.Ordinal)];
    }

    /// <summary>
    /// With few requests where the users lie close together. Who has blocked the asker is read from the asker's side, where clients note it
    /// since they do, for blocks from before when they start.
    /// </summary>
    private async Task<IEnumerable<PersonView>> ReadManyAsync(
        Project project, List<string> ids, string asker, CancellationToken cancellationToken)
    {
        var self = project.User(asker);
        var finding = users.FindManyRecentAsync(project, ids, cancellationToken);
        var blocking = audience.BlockersAsync(self, cancellationToken);
        var watching = project.Visibility == Visibility.Contacts ? audience.FindWatchersAsync(self, cancellationToken) : null;
        var byId = await finding;
        var found = ids.Where(byId.ContainsKey).Select(id => byId[id].Identity).Distinct().ToList();
        var blockers = await blocking;
        if (watching is not null)
        {
            var watchers = await watching;
            found.RemoveAll(user => user.LoginId != asker && !watchers.Exists(watcher => IsSame(watcher, user)));
        }

        var profiles = people.ReadManyAsync(found, cancellationToken);
        var online = await presence.OnlineSinceManyAsync(found, cancellationToken);
        var known = await profiles;
        return found.Select(user => View(
            user.LoginId, known[user].Profile, known[user].LastSeen, online.TryGetValue(user, out var since) ? since : null,
            user.LoginId != asker && blockers.Any(blocker => IsSame(blocker, user))));
    }

    private static bool IsSame(UserIdentity noted, UserIdentity user) => noted.LoginId == user.LoginId && noted.Is(user.Uid);

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
