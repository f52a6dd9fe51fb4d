using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.People;
using Vox.Chat.Realtime;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>
/// Keeps the users' lists and the groups of the SignalR service in step with the members' table, which is the truth. Who applies something
/// has claimed it (<see cref="GroupWorkStore"/>), so a membership does not change under his hands.
/// </summary>
public sealed partial class GroupLive(
    GroupStore groups,
    ConversationStore conversations,
    GroupWorkStore work,
    RecentStore recents,
    SignalRService service,
    IOptions<RealtimeOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<GroupLive> logger) : IConnectionStep
{
    /// <summary>The service keeps only so many groups of a user (docs/decisions/0003-realtime.md).</summary>
    private const int KeptByService = 100;
    private const int MaxRounds = 20;

    /// <summary>How far the clocks of two machines may be apart.</summary>
    private const int ClockMilliseconds = 500;

    private int running;

    /// <summary>After a message is sent, how long it may be on its way to the service.</summary>
    private TimeSpan OnTheWay => options.Value.GroupPush + TimeSpan.FromMilliseconds(ClockMilliseconds);

    private TimeSpan OneCall => TimeSpan.FromMilliseconds(options.Value.PushMilliseconds);

    /// <summary>For one look, one call, and what storage takes.</summary>
    private TimeSpan Lease => (2 * OneCall) + TimeSpan.FromMilliseconds(ClockMilliseconds);

    /// <summary>Users who are to join later, see <see cref="UntilQuiet"/>.</summary>
    public int Running => Volatile.Read(ref running);

    /// <summary>
    /// How long messages from before a join may still be on their way to the service: who joins its group earlier gets them. Nothing
    /// when none was sent just now.
    /// </summary>
    public TimeSpan UntilQuiet(ConversationHead head)
    {
        // A message from a clock far ahead is no reason to wait longer than for any other.
        var wait = DateTimeOffset.FromUnixTimeMilliseconds(head.LastTime) + OnTheWay - time.GetUtcNow();
        return head.LastSequence == 0 || wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < OnTheWay ? wait : OnTheWay;
    }

    /// <summary>Takes users out of the live group, before they are no members any more: not one message reaches them afterwards.</summary>
    /// <returns>False when the service did not take it for all of them.</returns>
    /// <exception cref="VoxException">busy</exception>
    public async Task<bool> LeaveAsync(ConversationKey key, IEnumerable<string> loginIds, TimeSpan patience)
    {
        var open = 0;
        await ManyRequests.EachAsync(loginIds, async loginId =>
        {
            await work.RejoinedAsync(key.ProjectId, loginId, patience);
            if (service.IsConfigured && !await service.RemoveFromGroupAsync(User(key, loginId), Name(key), CancellationToken.None))
            {
                Interlocked.Increment(ref open);
            }
        });
        return open == 0;
    }

    /// <summary>The users' lists, not the live group yet.</summary>
    /// <returns>What is left to do: not what somebody else has taken over.</returns>
    public async Task<IReadOnlyList<GroupWork>> ListAsync(IEnumerable<GroupWork> items)
    {
        var rest = new ConcurrentBag<GroupWork>();
        await ManyRequests.EachAsync(items, async item =>
        {
            if (await work.ClaimAsync(item, time.GetUtcNow() + Lease) is { } mine)
            {
                await ListAsync(item.Key, item.LoginId!, await StateAsync(item.Key, item.LoginId!));
                if (await work.ClaimAsync(mine, time.GetUtcNow()) is { } released)
                {
                    rest.Add(released);
                }
            }
        });
        return [.. rest];
    }

    /// <summary>Brings everything in line for these users, and crosses them off the list of work.</summary>
    /// <returns>Who is in the live group now, and whose work somebody else has taken over.</returns>
    public async Task<(IReadOnlyCollection<string> Joined, IReadOnlyCollection<string> TakenOver)> SettleAsync(IEnumerable<GroupWork> items)
    {
        var joined = new ConcurrentBag<string>();
        var takenOver = new ConcurrentBag<string>();
        await ManyRequests.EachAsync(items, async item =>
        {
            try
            {
                var (mine, state, done) = await SettleAsync(item);
                if (mine is null)
                {
                    takenOver.Add(item.LoginId!);
                }
                else if (done)
                {
                    await work.DoneAsync(mine, CancellationToken.None);
                    if (state.Joins)
                    {
                        joined.Add(item.LoginId!);
                    }
                }
                else
                {
                    // Nobody need wait for what the timer will do.
                    await work.ClaimAsync(mine, time.GetUtcNow());
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

    /// <summary>The same by who has taken some out of the live group himself, just now, whoever has their work by now.</summary>
    public async Task SettleAsync(ConversationKey key, IEnumerable<GroupWork> items, IReadOnlySet<string> left)
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
                items = await work.NoteAsync(key, again, Lease * 2);
            }
            catch (Exception e) when (StorageFailure.IsAny(e) || e is VoxException)
            {
                NotSettled(e, key.Id);
                return;
            }
        }
    }

    /// <summary>The same after a while, in the background; if this process ends before, the timer of another does it.</summary>
    /// <param name="then">When all is done, with those who have joined.</param>
    public void SettleLater(TimeSpan delay, IReadOnlyList<GroupWork> items, Func<IReadOnlyCollection<string>, Task> then)
    {
        Interlocked.Increment(ref running);
        _ = RunAsync();

        async Task RunAsync()
        {
            try
            {
                await Task.Delay(delay, lifetime.ApplicationStopping);
                await then((await SettleAsync(items)).Joined);
            }
            catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                // As said.
            }
            catch (Exception e)
            {
                NotSettled(e, items[0].Key.Id);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }
    }

    /// <summary>Takes a deleted group out of all lists.</summary>
    public async Task DissolveAsync(ConversationKey key)
    {
        var open = 0;
        await ManyRequests.EachAsync(await groups.ReadEverAsync(key, CancellationToken.None), async member =>
        {
            // Of a deleted group nobody can become a member any more: there is nothing to claim.
            await ListAsync(key, member.LoginId, default);
            if (service.IsConfigured && !await service.RemoveFromGroupAsync(User(key, member.LoginId), Name(key), CancellationToken.None))
            {
                Interlocked.Increment(ref open);
            }
        });
        if (open == 0)
        {
            await work.DoneAllAsync(key, CancellationToken.None);
        }
    }

    /// <summary>
    /// A user's new connection: joins him to all his groups when they are more than the service keeps, or when the service has forgotten
    /// one of them, as one that was replaced has.
    /// </summary>
    public async Task ConnectedAsync(string projectId, string loginId, CancellationToken cancellationToken)
    {
        var mine = await recents.ListGroupsAsync(projectId, loginId, cancellationToken);
        if (mine.Count > KeptByService || await IsForgottenAsync(projectId, loginId, mine))
        {
            await RejoinAsync(projectId, loginId, mine);
        }
    }

    /// <summary>Asks for one of the groups, any: one call for each connection finds what is forgotten in the end, and all that is at once.</summary>
    private async Task<bool> IsForgottenAsync(string projectId, string loginId, List<Recent> mine)
    {
        if (!service.IsConfigured || mine.Count == 0)
        {
            return false;
        }

        var key = new ConversationKey(projectId, mine[Random.Shared.Next(mine.Count)].ConversationId);
        return await service.IsInGroupAsync(User(key, loginId), Name(key), CancellationToken.None) == false
            && !await work.IsNotedAsync(key, loginId)
            && await StateAsync(key, loginId) is { Joins: true };
    }

    /// <summary>
    /// Says first that it does so: who then removes the user from a group waits for it. And who was at it before has left a note.
    /// </summary>
    private async Task RejoinAsync(string projectId, string loginId, List<Recent> mine)
    {
        var id = GroupWorkStore.NewRejoinId();
        foreach (var portion in mine.Chunk(ManyRequests.Parallel))
        {
            var until = time.GetUtcNow() + Lease;
            await work.BeginRejoinAsync(projectId, loginId, id, until);
            await ManyRequests.EachAsync(portion, async recent =>
            {
                var key = new ConversationKey(projectId, recent.ConversationId);
                if (!await work.IsNotedAsync(key, loginId) && await StateAsync(key, loginId) is { Joins: true }
                    && time.GetUtcNow() + OneCall <= until)
                {
                    await service.AddToGroupAsync(
                        User(key, loginId), Name(key), connectedOnly: mine.Count > KeptByService, CancellationToken.None);
                }
            });
        }

        await work.EndRejoinAsync(projectId, loginId, id);
    }

    /// <summary>What stayed undone for long: its process has ended, or the service did not answer.</summary>
    public async Task ReconcileAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        foreach (var item in await work.FindAsync(age, cancellationToken))
        {
            try
            {
                if (item.LoginId is null)
                {
                    await DissolveIfDeletedAsync(item, cancellationToken);
                }
                else
                {
                    await SettleAsync([item]);
                }
            }
            catch (Exception e) when (StorageFailure.IsAny(e))
            {
                // The others need not wait for this one; the next run meets it again.
                NotSettled(e, item.Key.Id);
            }
        }
    }

    private async Task DissolveIfDeletedAsync(GroupWork item, CancellationToken cancellationToken)
    {
        if (await conversations.FindHeadAsync(item.Key, cancellationToken) is { Closed: true })
        {
            await DissolveAsync(item.Key);
        }
        else
        {
            // Noted, but not deleted after all.
            await work.DoneAsync(item, cancellationToken);
        }
    }

    /// <returns>The claim, null when somebody else has taken over; and false when the service did not take it: to be tried again.</returns>
    private async Task<(GroupWork? Mine, State State, bool Done)> SettleAsync(GroupWork item)
    {
        var (key, loginId) = (item.Key, item.LoginId!);
        for (var round = 0; ; round++)
        {
            var until = time.GetUtcNow() + Lease;
            if (await work.ClaimAsync(item, until) is not { } mine)
            {
                return (null, default, false);
            }

            item = mine;
            var state = await StateAsync(key, loginId);
            await ListAsync(key, loginId, state);
            if (time.GetUtcNow() + OneCall > until && round < MaxRounds)
            {
                // The storage was slow. What follows must have ended with the claim.
                continue;
            }

            var done = !service.IsConfigured || (state.Joins
                ? await service.AddToGroupAsync(User(key, loginId), Name(key), connectedOnly: false, CancellationToken.None)
                : await service.RemoveFromGroupAsync(User(key, loginId), Name(key), CancellationToken.None));
            if (await StateAsync(key, loginId) is var after && after != state && round < MaxRounds)
            {
                // Deleted: that waits for no claim.
                continue;
            }

            if (state.Joins && await recents.ListGroupsAsync(key.ProjectId, loginId, CancellationToken.None) is { Count: > KeptByService } mineAll)
            {
                // The service has forgotten another group for this one.
                await RejoinAsync(key.ProjectId, loginId, mineAll);
            }

            return (mine, state, done);
        }
    }

    private Task ListAsync(ConversationKey key, string loginId, State state) => state.Listed
        ? recents.SetGroupAsync(key.ProjectId, loginId, key.Id, state.Left, CancellationToken.None)
        : recents.RemoveAsync(key.ProjectId, loginId, key.Id, CancellationToken.None);

    private async Task<State> StateAsync(ConversationKey key, string loginId)
    {
        var head = conversations.FindHeadAsync(key, CancellationToken.None);
        var member = await groups.FindMemberAsync(key, loginId, CancellationToken.None);
        return await head is { Closed: false } && member is not null
            ? new State(true, member.Left, member.Blocked, member.Since)
            : default;
    }

    private static string User(ConversationKey key, string loginId) => RealtimeUser.IdOf(key.ProjectId, loginId);

    private static string Name(ConversationKey key) => RealtimeUser.GroupOf(key.ProjectId, key.Id);

    [LoggerMessage(5200, LogLevel.Warning, "The members of {Group} are not all in its live group yet: the timer will see to it")]
    private partial void NotSettled(Exception exception, string group);

    /// <param name="Since">Tells one membership from the next.</param>
    private readonly record struct State(bool Listed, bool Left, bool Blocked, long Since)
    {
        public bool Joins => Listed && !Left && !Blocked;
    }
}
