using System.Text.Json.Serialization.Metadata;
using Vox.Contacts;
using Vox.Realtime;
using Vox.Storage;

namespace Vox.Presence;

/// <summary>Who hears of a user: those online who have him in their contacts, unless he has blocked them.</summary>
public sealed class Watchers(ContactStore contacts, PresenceStore presence, Pusher pusher)
{
    public async Task TellAsync<T>(
        string projectId, string loginId, string target, T payload, JsonTypeInfo<T> type, bool andOwnDevices,
        CancellationToken cancellationToken)
    {
        var book = await contacts.ReadAsync(projectId, loginId, cancellationToken);
        var online = await ManyRequests.EachAsync(
            book.Watchers.Where(watcher => !book.Blocked.Contains(watcher)),
            async watcher => await presence.IsOnlineAsync(projectId, watcher, cancellationToken) ? watcher : null,
            cancellationToken);
        string[] targets = [.. online.OfType<string>(), .. andOwnDevices ? [loginId] : Array.Empty<string>()];
        pusher.ToUsers(projectId, targets, target, payload, type);
    }
}
