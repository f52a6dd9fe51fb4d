using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Conversations;
using Vox.Realtime;

namespace Vox.Groups;

/// <summary>
/// Keeps the users' lists and the groups of the SignalR service in step with the members' table, which is the truth. Whoever applies
/// something looks again afterwards: so of several at once, the last to apply leaves behind what holds.
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
    ILogger<GroupLive> logger)
{
    /// <summary>The service keeps only so many groups of a user (docs/decisions/0003-realtime.md).</summary>
    private const int KeptByService = 100;
    private const int Parallel = 16;
    private const int MaxRounds = 20;

    private int running;

    /// <summary>Users who are to join later, see <see cref="UntilQuiet"/>.</summary>
    public int Running => Volatile.Read(ref running);

    /// <summary>
    /// How long messages from before a join may still be on their way to the service: who joins its group earlier gets them. Nothing
    /// when none was sent just now.
    /// </summary>
    public TimeSpan UntilQuiet(ConversationHead head)
    {
        // Half a second for the clocks of two machines. A message from a clock far ahead is no reason to wait longer than for any other.
        var longest = TimeSpan.FromMilliseconds(options.Value.PushMilliseconds + 500);
        var wait = DateTimeOffset.FromUnixTimeMilliseconds(head.LastTime) + longest - time.GetUtcNow();
        return head.LastSequence == 0 || wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < longest ? wait : longest;
    }

    /// <summary>Takes users out of the live group, before they are no members any more: not one message reaches them afterwards.</summary>
    public Task LeaveAsync(ConversationKey key, IEnumerable<string> loginIds) => EachAsync(loginIds, loginId =>
        service.RemoveFromGroupAsync(User(key, loginId), Name(key), CancellationToken.None));

    /// <summary>The users' lists, not the live group.</summary>
    public Task ListAsync(ConversationKey key, IEnumerable<string> loginIds) => EachAsync(loginIds, async loginId =>
    {
        await ListAsync(key, loginId, await StateAsync(key, loginId));
        return true;
    });

    /// <summary>Brings everything in line for these users, and crosses them off the list of work.</summary>
    public Task SettleAsync(IEnumerable<GroupWork> items) => EachAsync(items, async item =>
    {
        try
        {
            if (await SettleAsync(item.Key, item.LoginId!))
            {
                await work.DoneAsync(item, CancellationToken.None);
            }
        }
        catch (Azure.RequestFailedException e)
        {
            // The change itself is stored; this follows with the timer.
            NotSettled(e, item.Key.Id);
        }

        return true;
    });

    /// <summary>The same after a while, in the background; if this process ends before, the timer of another does it.</summary>
    /// <param name="then">When all is done.</param>
    public void SettleLater(TimeSpan delay, IReadOnlyList<GroupWork> items, Action then)
    {
        Interlocked.Increment(ref running);
        _ = RunAsync();

        async Task RunAsync()
        {
            try
            {
                await Task.Delay(delay, lifetime.ApplicationStopping);
                await SettleAsync(items);
                then();
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
        await EachAsync(await groups.ReadEverAsync(key, CancellationToken.None), async member =>
        {
            if (!await SettleAsync(key, member.LoginId))
            {
                Interlocked.Increment(ref open);
            }

            return true;
        });
        if (open == 0)
        {
            await work.DoneAllAsync(key, CancellationToken.None);
        }
    }

    /// <summary>Joins a user's new connection to all his groups, when they are more than the service keeps.</summary>
    public async Task RejoinAsync(string projectId, string loginId, CancellationToken cancellationToken)
    {
        var mine = await recents.ListGroupsAsync(projectId, loginId, cancellationToken);
        if (mine.Count <= KeptByService)
        {
            return;
        }

        await EachAsync(mine, async recent =>
        {
            var key = new ConversationKey(projectId, recent.ConversationId);
            var before = await StateAsync(key, loginId);
            while (before.Joins)
            {
                await service.AddToGroupAsync(User(key, loginId), Name(key), connectedOnly: true, CancellationToken.None);
                var after = await StateAsync(key, loginId);
                if (after == before)
                {
                    return true;
                }

                before = after;
                if (!before.Joins)
                {
                    await service.RemoveFromGroupAsync(User(key, loginId), Name(key), CancellationToken.None);
                }
            }

            return true;
        });
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
            catch (Azure.RequestFailedException e)
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

    /// <returns>False when the service did not take it: to be tried again.</returns>
    private async Task<bool> SettleAsync(ConversationKey key, string loginId)
    {
        var state = await StateAsync(key, loginId);
        for (var round = 0; round < MaxRounds; round++)
        {
            await ListAsync(key, loginId, state);
            var done = !service.IsConfigured || (state.Joins
                ? await service.AddToGroupAsync(User(key, loginId), Name(key), connectedOnly: false, CancellationToken.None)
                : await service.RemoveFromGroupAsync(User(key, loginId), Name(key), CancellationToken.None));
            var after = await StateAsync(key, loginId);
            if (after == state)
            {
                if (state.Joins)
                {
                    // The service may have forgotten another group for this one.
                    await RejoinAsync(key.ProjectId, loginId, CancellationToken.None);
                }

                return done;
            }

            state = after;
        }

        return false;
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

    private static async Task EachAsync<T>(IEnumerable<T> items, Func<T, Task<bool>> act)
    {
        using var slots = new SemaphoreSlim(Parallel);
        await Task.WhenAll(items.Select(async item =>
        {
            await slots.WaitAsync();
            try
            {
                await act(item);
            }
            finally
            {
                slots.Release();
            }
        }));
    }

    [LoggerMessage(5200, LogLevel.Warning, "The members of {Group} are not all in its live group yet: the timer will see to it")]
    private partial void NotSettled(Exception exception, string group);

    /// <param name="Since">Tells one membership from the next.</param>
    private readonly record struct State(bool Listed, bool Left, bool Blocked, long Since)
    {
        public bool Joins => Listed && !Left && !Blocked;
    }
}
