using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Groups;

/// <summary>
/// Carries out changes of groups: read, decide, store in one transaction on condition that the head is unchanged, and all of it again when
/// somebody was faster. A change is all or nothing, and has its place between two messages.
/// </summary>
public sealed class GroupChanges(
    ConversationStore conversations, ConversationWriter writer, GroupStore groups, GroupWorkStore work, GroupLive live,
    DelayedJoins delayed, IOptions<ConversationOptions> options, IOptions<GroupOptions> groupOptions, TimeProvider time)
{
    /// <summary>Changes a group.</summary>
    /// <param name="loginIds">The members whose rows the decision needs.</param>
    /// <param name="decide">Decides what is to be done; null: nothing. Throws if it refuses the change. May be asked several times.</param>
    /// <param name="deferred">Called when those who had to wait have joined the live group.</param>
    /// <returns>Null when nothing was to be done.</returns>
    /// <exception cref="VoxException">group_not_found, busy, realtime_unavailable, and what <paramref name="decide"/> throws</exception>
    public async Task<GroupChanged?> RunAsync(
        ConversationKey key, IReadOnlyCollection<string> loginIds, Func<GroupState, Task<GroupPlan?>> decide,
        Func<GroupChanged, Task>? deferred = null)
    {
        // No cancellation: nothing here is given up half-way because a client hangs up.
        var change = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        var noted = new Dictionary<UserIdentity, GroupWork>();
        var left = new HashSet<UserIdentity>();
        var later = new List<UserIdentity>();
        // Measured as elapsed time: a clock that is set meanwhile must neither end this early nor prolong it.
        var (began, limit) = (time.GetTimestamp(), options.Value.CommitPatience);
        Tried? tried = null;
        GroupChanged? done = null;
        try
        {
            for (var attempt = 1; done is null; attempt++)
            {
                var head = await FindAsync(key, tried?.Head);
                if (tried is { } mine && head.Group!.Change == change)
                {
                    // The answer was lost, not the change.
                    done = new GroupChanged(mine.Head, mine.Members, later);
                    break;
                }

                var state = new GroupState(key, head, await RowsAsync(key, loginIds));
                if (await decide(state) is not { } plan)
                {
                    return null;
                }

                var patience = limit - time.GetElapsedTime(began);
                await NoteAsync(key, plan, noted, patience);
                var leaving = plan.Members.Where(m => IsLive(m.Before) && (m.Former is not null || !IsLive(m.After)))
                    .Select(m => m.Before!.In(key)).ToList();
                left.UnionWith(leaving);
                if (!await live.LeaveAsync(key, leaving, patience) && plan.Expels)
                {
                    throw new VoxException(
                        Errors.RealtimeUnavailable,
                        "The member is still there: the live channel did not answer, and would go on telling them. Try again shortly.");
                }

                (tried, var stored) = await writer.AloneAsync(
                    key, limit - time.GetElapsedTime(began), () => TryAsync(state, decide, change, tried));
                if (stored)
                {
                    done = new GroupChanged(tried!.Value.Head, tried.Value.Members, later);
                }
                else if (time.GetElapsedTime(began) > limit)
                {
                    throw new VoxException(Errors.Busy, "Too many are changing or writing to this group at once: try again shortly.");
                }
                else
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(2, 10 + (10 * Math.Min(attempt, 10)))));
                }
            }

            return done;
        }
        finally
        {
            // Also after an attempt that came to nothing: it may have taken somebody out of the live group.
            await SettleAsync(key, noted, left, done, later, deferred);
        }
    }

    /// <summary>
    /// Stores the change, unless there was another change meanwhile. Messages that came meanwhile do not alter what is to be done, only its
    /// place between them.
    /// </summary>
    private async Task<(Tried? Tried, bool Stored)> TryAsync(
        GroupState state, Func<GroupState, Task<GroupPlan?>> decide, string change, Tried? tried)
    {
        var head = await FindAsync(state.Key, tried?.Head);
        if (head.Group!.Version != state.Info.Version || await decide(state with { Head = head }) is not { } plan)
        {
            return (tried, false);
        }

        var members = plan.Members.Select(m => m with { After = m.After is null ? null : m.After with { Since = state.Next } }).ToList();
        var after = head with
        {
            Closed = plan.Closes,
            Group = plan.Info with
            {
                Version = state.Next,
                MemberCount = state.Info.MemberCount + members.Sum(m => Count(m.After) - Count(m.Before)),
                Change = change,
                LastJoin = members.Exists(m => m.Former is not null || Count(m.After) > Count(m.Before))
                    ? head.LastSequence
                    : head.Group.LastJoin,
            },
        };
        return (new Tried(after, members), await groups.TryCommitAsync(state.Key, after, members, CancellationToken.None));
    }

    /// <summary>Stores a new group.</summary>
    /// <returns>False when there is a group with this id already.</returns>
    public async Task<bool> BeginAsync(ConversationKey key, ConversationHead head, IReadOnlyList<GroupMember> members)
    {
        var noted = await work.NoteAsync(
            key, [.. members.Select(m => m.In(key))], options.Value.CommitPatience);
        var stored = await groups.TryCommitAsync(key, head, [.. members.Select(m => new MemberChange(null, m))], CancellationToken.None);
        await live.SettleAsync(noted);
        return stored;
    }

    private async Task<ConversationHead> FindAsync(ConversationKey key, ConversationHead? tried)
    {
        var head = await conversations.FindHeadAsync(key, CancellationToken.None);
        return head switch
        {
            { Group: not null, Closed: false } => head,
            { Group: { } group, Closed: true } when group.Change == tried?.Group!.Change => head,
            _ => throw GroupErrors.NoGroup(),
        };
    }

    private async Task<Dictionary<string, GroupMember>> RowsAsync(ConversationKey key, IReadOnlyCollection<string> loginIds)
    {
        var rows = await Task.WhenAll(loginIds.Select(id => groups.FindForChangeAsync(key, id)));
        return rows.OfType<GroupMember>().ToDictionary(member => member.LoginId, StringComparer.Ordinal);
    }

    /// <summary>
    /// Notes the memberships that the plan changes. Each attempt notes them anew: an earlier note may be somebody else's by now.
    /// </summary>
    private async Task NoteAsync(ConversationKey key, GroupPlan plan, Dictionary<UserIdentity, GroupWork> noted, TimeSpan patience)
    {
        // A former user whose row a successor takes over needs no note: their deletion takes them out of lists and live groups.
        var moving = plan.Members
            .Where(m => m.Former is not null || m.After is null || IsLive(m.Before) != IsLive(m.After) || Count(m.Before) != Count(m.After))
            .Select(m => m.Member.In(key)).ToList();
        if (moving.Count > 0)
        {
            foreach (var item in await work.NoteAsync(key, moving, patience))
            {
                noted[item.Member!.Value] = item;
            }
        }

        if (plan.Closes)
        {
            await work.NoteAllAsync(key, CancellationToken.None);
        }
    }

    /// <summary>Brings lists and the live group in line with what was stored; those who have to wait join the live group later.</summary>
    /// <param name="left">Those who were taken out of the live group, perhaps for nothing.</param>
    /// <param name="later">Receives those who have to wait.</param>
    private async Task SettleAsync(
        ConversationKey key, Dictionary<UserIdentity, GroupWork> noted, HashSet<UserIdentity> left, GroupChanged? done,
        List<UserIdentity> later, Func<GroupChanged, Task>? deferred)
    {
        if (noted.Count == 0)
        {
            return;
        }

        var joined = done?.Members.Where(m => (m.Former is not null || Count(m.Before) == 0) && IsLive(m.After))
            .Select(m => m.Member.In(key)).ToHashSet() ?? [];
        var wait = joined.Count > 0 && groupOptions.Value.History == GroupHistory.Joined ? delayed.UntilQuiet(done!.Head) : TimeSpan.Zero;
        if (wait > TimeSpan.Zero)
        {
            later.AddRange(joined);
            delayed.SettleLater(
                wait, await live.ListAsync(joined.Select(member => noted[member])),
                now => now.Count > 0 && deferred is not null ? deferred(done! with { Deferred = [.. now] }) : Task.CompletedTask);
        }

        var items = noted.Values.Where(item => !later.Contains(item.Member!.Value));
        await live.SettleAsync(key, items, left);
    }

    private static bool IsLive(GroupMember? member) => member is { Left: false, Blocked: false };

    private static int Count(GroupMember? member) => member is { Left: false } ? 1 : 0;

    /// <summary>What was sent to the storage last, which may have stored it without an answer.</summary>
    private readonly record struct Tried(ConversationHead Head, IReadOnlyList<MemberChange> Members);
}
