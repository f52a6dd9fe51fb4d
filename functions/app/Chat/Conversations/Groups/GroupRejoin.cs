using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.People;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>Joins a user's connections to the live groups that the SignalR service does not keep for them, or has forgotten.</summary>
public sealed class GroupRejoin(LiveMembership live, GroupWorkStore work, RecentStore recents, TimeProvider time) : IConnectionStep
{
    /// <summary>
    /// A user's new connection. Joins the user to all their groups when these are more than the service keeps, or when the service has
    /// forgotten one of them, as a service does that was replaced.
    /// </summary>
    public async Task ConnectedAsync(UserIdentity user, CancellationToken cancellationToken)
    {
        var mine = await recents.ListGroupsAsync(user, cancellationToken);
        var kept = mine.FindAll(recent => !IsBroadcast(user, recent));
        if (kept.Count > LiveMembership.KeptByService || await IsForgottenAsync(user, kept))
        {
            await RejoinAsync(user, mine);
        }
        else if (kept.Count < mine.Count)
        {
            // Nobody but the connection itself joins it to broadcast groups.
            await RejoinAsync(user, mine.FindAll(recent => IsBroadcast(user, recent)));
        }
    }

    /// <summary>Joins the user to all of their groups again if the service keeps fewer than they have.</summary>
    public async Task RejoinIfManyAsync(UserIdentity user)
    {
        if (await recents.ListGroupsAsync(user, CancellationToken.None) is { Count: > LiveMembership.KeptByService } mine)
        {
            await RejoinAsync(user, mine);
        }
    }

    private static bool IsBroadcast(UserIdentity user, Recent recent) =>
        new ConversationKey(user.ProjectId, recent.ConversationId).IsBroadcast;

    /// <summary>
    /// Asks the service about one of the groups, picked at random. At one call for each connection, a single forgotten group is found in
    /// the end, and if all are forgotten, that is found at once.
    /// </summary>
    private async Task<bool> IsForgottenAsync(UserIdentity user, List<Recent> mine)
    {
        if (!live.IsConfigured || mine.Count == 0)
        {
            return false;
        }

        var key = new ConversationKey(user.ProjectId, mine[Random.Shared.Next(mine.Count)].ConversationId);
        return await live.ContainsAsync(key, user) == false
            && !await work.IsNotedAsync(key, user)
            && await live.StateAsync(key, user) is { Joins: true };
    }

    /// <summary>
    /// Announces itself first, so that whoever removes the user from a group after that waits for it. Whoever began to remove the user
    /// before that has left a note, which is seen here.
    /// </summary>
    private async Task RejoinAsync(UserIdentity user, List<Recent> mine)
    {
        var id = GroupWorkStore.NewRejoinId();
        foreach (var portion in mine.Chunk(ManyRequests.Parallel))
        {
            var until = time.GetUtcNow() + live.Lease;
            await work.BeginRejoinAsync(user, id, until);
            await ManyRequests.EachAsync(portion, async recent =>
            {
                var key = new ConversationKey(user.ProjectId, recent.ConversationId);
                if (!await work.IsNotedAsync(key, user) && await live.StateAsync(key, user) is { Joins: true }
                    && time.GetUtcNow() + live.OneCall <= until)
                {
                    await live.AddAsync(key, user, connectedOnly: mine.Count > LiveMembership.KeptByService);
                }
            });
        }

        await work.EndRejoinAsync(user, id);
    }
}
