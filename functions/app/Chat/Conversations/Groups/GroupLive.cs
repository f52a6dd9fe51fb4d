using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>
/// Keeps the users' lists and the live groups in step with the members' table, which is the truth. Whoever applies a membership has claimed
/// it first (<see cref="GroupWorkStore"/>), so that it does not change meanwhile.
/// </summary>
public sealed partial class GroupLive(
    LiveMembership live, GroupStore groups, AudienceStore audience, GroupWorkStore work, RecentStore recents, GroupRejoin rejoin,
    TimeProvider time, ILogger<GroupLive> logger)
{
    private const int MaxRounds = 20;

    /// <summary>Members of a deleted broadcast group that are taken out together.</summary>
    private const int Page = 1_000;

    /// <summary>
    /// Takes users out of the live group before they cease to be members, so that not one message reaches them afterwards.
    /// </summary>
    /// <returns>False when the service did not take it for all of them.</returns>
    /// <exception cref="VoxException">busy</exception>
    public async Task<bool> LeaveAsync(ConversationKey key, IEnumerable<UserIdentity> members, TimeSpan patience)
    {
        var open = 0;
        await ManyRequests.EachAsync(members, async member =>
        {
            await work.RejoinedAsync(member, patience);
            if (live.IsConfigured && !await live.RemoveAsync(key, member))
            {
                Interlocked.Increment(ref open);
            }
        });
        return open == 0;
    }

    /// <summary>Brings the users' lists in line, but not the live group yet.</summary>
    /// <returns>What is left to do, without what somebody else has taken over.</returns>
    public async Task<IReadOnlyList<GroupWork>> ListAsync(IEnumerable<GroupWork> items)
    {
        var rest = new ConcurrentBag<GroupWork>();
        await ManyRequests.EachAsync(items, async item =>
        {
            if (await work.ClaimAsync(item, time.GetUtcNow() + live.Lease) is { } mine)
            {
                var member = item.Member!.Value;
                await ListAsync(item.Key, member, await live.StateAsync(item.Key, member));
                if (await work.ClaimAsync(mine, time.GetUtcNow()) is { } released)
                {
                    rest.Add(released);
                }
            }
        });
        return [.. rest];
    }

    /// <summary>Brings everything in line for these users, and crosses them off the list of work.</summary>
    /// <returns>Those who are in the live group now, and those whose work somebody else has taken over.</returns>
    public async Task<(IReadOnlyCollection<UserIdentity> Joined, IReadOnlyCollection<UserIdentity> TakenOver)> SettleAsync(
        IEnumerable<GroupWork> items)
    {
        var joined = new ConcurrentBag<UserIdentity>();
        var takenOver = new ConcurrentBag<UserIdentity>();
        await ManyRequests.EachAsync(items, async item =>
        {
            try
            {
                var (isMine, hasJoined) = await SettleOneAsync(item);
                if (!isMine)
                {
                    takenOver.Add(item.Member!.Value);
                }
                else if (hasJoined)
                {
                    joined.Add(item.Member!.Value);
                }
            }
            catch (Exception e) when (StorageFailure.IsAny(e))
            {
                // The change itself is stored; this follows with the timer.
                NotSettled(e, item.Key.Id);
            }
        });
        return (joined, takenOver);
    }

    /// <summary>Brings everything in line for one user.</summary>
    /// <returns>False when somebody else has taken it over; and whether the user is in the live group now.</returns>
    public async Task<(bool IsMine, bool HasJoined)> SettleOneAsync(GroupWork item)
    {
        var (mine, state, done) = await SettleAsync(item);
        if (mine is null)
        {
            return (false, false);
        }

        if (done)
        {
            await work.DoneAsync(mine, CancellationToken.None);
            return (true, state.Joins);
        }

        // The timer will do it, and nobody need wait for that.
        await work.ClaimAsync(mine, time.GetUtcNow());
        return (true, false);
    }

    /// <summary>
    /// Settles memberships after a change that has itself taken some users out of the live group, just now. Their work is settled here even
    /// if somebody else has taken it over: whoever did may have looked before these users were taken out.
    /// </summary>
    /// <param name="left">Those who were taken out.</param>
    public async Task SettleAsync(ConversationKey key, IEnumerable<GroupWork> items, IReadOnlySet<UserIdentity> left)
    {
        for (var round = 0; ; round++)
        {
            var again = (await SettleAsync(items)).TakenOver.Where(left.Contains).ToList();
            if (again.Count == 0 || round == MaxRounds)
            {
                return;
            }

            try
            {
                items = await work.NoteAsync(key, again, live.Lease * 2);
            }
            catch (Exception e) when (StorageFailure.IsAny(e) || e is VoxException)
            {
                NotSettled(e, key.Id);
                return;
            }
        }
    }

    /// <summary>
    /// Takes a deleted group out of all lists, and everybody out of its live group. One that has ended because all have left stays in the
    /// lists of its former members.
    /// </summary>
    /// <param name="pages">Of a broadcast group: how often 1,000 members are taken out now. The timer does the rest.</param>
    public async Task DissolveAsync(ConversationKey key, int pages = 1)
    {
        var open = 0;
        await ManyRequests.EachAsync(await groups.ReadEverAsync(key, CancellationToken.None), async row =>
        {
            // Nobody can become a member of a deleted group any more, so there is nothing to claim.
            var member = row.In(key);
            await ListAsync(key, member, await live.StateAsync(key, member));
            if (live.IsConfigured && !await live.RemoveAsync(key, member))
            {
                Interlocked.Increment(ref open);
            }
        });
        if (open == 0 && (!key.IsBroadcast || await DissolveAudienceAsync(key, pages)))
        {
            await work.DoneAllAsync(key, CancellationToken.None);
        }
    }

    /// <summary>
    /// Takes a deleted broadcast group out of its members' lists, and the members out of the table as it goes: the next one goes on where
    /// this one stops. Nothing is said in the live group any more, and its members' connections take it along when they end.
    /// </summary>
    /// <returns>False when there are more.</returns>
    private async Task<bool> DissolveAudienceAsync(ConversationKey key, int pages)
    {
        if (await live.IsEndedAsync(key))
        {
            return true;
        }

        while (await audience.ReadSomeAsync(key, Page, CancellationToken.None) is { Count: > 0 } members)
        {
            if (pages-- == 0)
            {
                return false;
            }

            await ManyRequests.EachAsync(members, member => recents.RemoveAsync(member.In(key), key.Id, CancellationToken.None));
            await audience.RemoveAsync(key, members, CancellationToken.None);
        }

        await audience.RemoveAllAsync(key, CancellationToken.None);
        return true;
    }

    [LoggerMessage(5200, LogLevel.Warning, "The members of {Group} are not all in its live group yet: the timer will see to it")]
    public partial void NotSettled(Exception exception, string group);

    /// <returns>The claim, null when somebody else has taken over; and false when the service did not take it: to be tried again.</returns>
    private async Task<(GroupWork? Mine, LiveState State, bool Done)> SettleAsync(GroupWork item)
    {
        var (key, member) = (item.Key, item.Member!.Value);
        for (var round = 0; ; round++)
        {
            var until = time.GetUtcNow() + live.Lease;
            if (await work.ClaimAsync(item, until) is not { } mine)
            {
                return (null, default, false);
            }

            item = mine;
            var state = await live.StateAsync(key, member);
            await ListAsync(key, member, state);
            if (time.GetUtcNow() + live.OneCall > until && round < MaxRounds)
            {
                // The storage was slow. What follows must have ended before the claim does.
                continue;
            }

            var done = !live.IsConfigured || (state.Joins
                ? await live.AddAsync(key, member, connectedOnly: false)
                : await live.RemoveAsync(key, member));
            if (await live.StateAsync(key, member) is var after && after != state && round < MaxRounds)
            {
                // The group was deleted meanwhile: that waits for no claim.
                continue;
            }

            if (state.Joins && !key.IsBroadcast)
            {
                // The service may have forgotten another group for this one.
                await rejoin.RejoinIfManyAsync(member);
            }

            return (mine, state, done);
        }
    }

    private Task ListAsync(ConversationKey key, UserIdentity member, LiveState state) => state.Listed
        ? recents.SetGroupAsync(member, key.Id, state.Left, CancellationToken.None)
        : recents.RemoveAsync(member, key.Id, CancellationToken.None);
}
