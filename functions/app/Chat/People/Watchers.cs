using Vox.Chat.Model;
using System.Text.Json.Serialization.Metadata;
using Vox.Chat.Projects;
using Vox.Chat.Realtime;
using Vox.Platform.Storage;

namespace Vox.Chat.People;

/// <summary>
/// Tells a user's changes to those who are online and have the user in their contacts, unless the user has blocked them. If the project
/// shows users only to their contacts, the user must also have them in theirs.
/// </summary>
public sealed class Watchers(IAudience audience, PresenceStore presence, ProjectService projects, Pusher pusher)
{
    public async Task TellAsync<T>(
        UserIdentity user, string target, T payload, JsonTypeInfo<T> type, bool andOwnDevices,
        CancellationToken cancellationToken)
    {
        var project = await projects.FindAsync(user.ProjectId, cancellationToken);
        var found = await audience.FindAsync(user, project?.Visibility == Visibility.Contacts, cancellationToken);
        var online = await ManyRequests.EachAsync(
            found,
            async watcher => await presence.IsOnlineAsync(watcher, cancellationToken) ? watcher : (UserIdentity?)null,
            cancellationToken);
        UserIdentity[] targets = [.. online.OfType<UserIdentity>(), .. andOwnDevices ? [user] : Array.Empty<UserIdentity>()];
        pusher.ToUsers(targets, target, payload, type);
    }
}
