using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.People;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>
/// Members of broadcast groups and the live channel. Nobody is kept in the live group while they are offline: their next connection joins
/// it (<see cref="GroupRejoin"/>). So 100,000 members who are added cost calls only for those who are online.
/// </summary>
public sealed class AudienceLive(
    LiveMembership live, PresenceStore presence, DelayedJoins delayed, GroupNotifier notifier, GroupServerEvents servers,
    IOptions<GroupOptions> options)
{
    /// <summary>
    /// Lets those who are online into the live group, and tells them. Called when they are members already: whoever connects after that
    /// joins by themselves, because a connection is noted before it looks for its groups.
    /// </summary>
    public async Task JoinedAsync(GroupActor actor, ConversationKey key, ConversationHead head, IReadOnlyList<UserIdentity> members)
    {
        await servers.TellAsync(actor, key, GroupEvents.Added, head, [.. members.Select(member => member.LoginId)]);
        var online = await OnlineAsync(members);
        if (online.Count == 0)
        {
            return;
        }

        // Messages from before they joined may be on their way to the service yet.
        var wait = options.Value.History == GroupHistory.Joined ? delayed.UntilQuiet(head) : TimeSpan.Zero;
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait);
        }

        await ManyRequests.EachAsync(online, async member =>
        {
            // They may have been removed meanwhile.
            if (await live.StateAsync(key, member) is { Joins: true })
            {
                await live.AddAsync(key, member, connectedOnly: true);
            }
        });
        await notifier.ToEachAsync(actor, key, GroupEvents.Added, head, online);
    }

    /// <summary>Tells those who are online that they are no members any more.</summary>
    public async Task LeftAsync(
        GroupActor actor, ConversationKey key, string type, ConversationHead head, IReadOnlyList<UserIdentity> members)
    {
        await servers.TellAsync(actor, key, type, head, [.. members.Select(member => member.LoginId)]);
        await notifier.ToEachAsync(actor, key, type, head, await OnlineAsync(members));
    }

    private async Task<IReadOnlyList<UserIdentity>> OnlineAsync(IReadOnlyList<UserIdentity> members)
    {
        if (!live.IsConfigured)
        {
            return [];
        }

        var online = await ManyRequests.EachAsync(members, member => presence.IsOnlineAsync(member, CancellationToken.None));
        return [.. members.Where((_, i) => online[i])];
    }
}
