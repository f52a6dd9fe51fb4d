using System.Security.Cryptography;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Groups;

/// <summary>A group as a change finds it: its head, and the rows that the change asked for.</summary>
public sealed record GroupState(ConversationKey Key, ConversationHead Head, IReadOnlyDictionary<string, GroupMember> Rows)
{
    public GroupInfo Info => Head.Group!;

    /// <summary>The version that the change makes.</summary>
    public long Next => Info.Version + 1;

    public GroupMember? Find(string loginId) => Rows.GetValueOrDefault(loginId);

    public GroupMember? FindPresent(string loginId) => Find(loginId) is { Left: false } member ? member : null;
}

/// <summary>What a change comes to.</summary>
/// <param name="Closes">Deletes the group.</param>
/// <param name="Expels">Who goes does not go by himself: not unless he is certainly out of the live group.</param>
public sealed record GroupPlan(GroupInfo Info, IReadOnlyList<MemberChange> Members, bool Closes = false, bool Expels = false);

/// <param name="Deferred">Who joins the live group later.</param>
public sealed record GroupChanged(ConversationHead Head, IReadOnlyList<MemberChange> Members, IReadOnlyList<string> Deferred);

/// <summary>
/// Carries out changes of groups: read, decide, store in one transaction with the head's ETag, and again from the start when somebody
/// was faster. All or nothing, and every change has its place between two messages.
/// </summary>
public sealed class GroupChanges(
    ConversationStore conversations, ConversationWriter writer, GroupStore groups, GroupWorkStore work, GroupLive live,
    Microsoft.Extensions.Options.IOptions<ConversationOptions> options, Microsoft.Extensions.Options.IOptions<GroupOptions> groupOptions,
    TimeProvider time)
{
    /// <param name="loginIds">Whose rows the decision needs.</param>
    /// <param name="decide">Null: nothing is to be done. Throws what refuses it. May be asked several times.</param>
    /// <param name="deferred">Called when those who had to wait have joined the live group.</param>
    /// <returns>Null when nothing was to be done.</returns>
    /// <exception cref="VoxException">group_not_found, busy, realtime_unavailable, and what <paramref name="decide"/> throws</exception>
    public async Task<GroupChanged?> RunAsync(
        ConversationKey key, IReadOnlyCollection<string> loginIds, Func<GroupState, Task<GroupPlan?>> decide,
        Func<GroupChanged, Task>? deferred = null)
    {
        // Nothing here is given up half-way because a client hangs up.
        var change = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        var noted = new Dictionary<string, GroupWork>(StringComparer.Ordinal);
        var left = new HashSet<string>(StringComparer.Ordinal);
        var later = new List<string>();
        // By the watch: a clock that is set meanwhile must neither end this early nor prolong it.
        var (began, limit) = (time.GetTimestamp(), TimeSpan.FromSeconds(options.Value.CommitSeconds));
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
                var leaving = plan.Members.Where(m => IsLive(m.Before) && !IsLive(m.After)).Select(m => m.LoginId).ToList();
                left.UnionWith(leaving);
                if (!await live.LeaveAsync(key, leaving, patience) && plan.Expels)
                {
                    throw new VoxException(
                        Errors.RealtimeUnavailable, "The member is still there: the live channel did not answer, and would go on telling him. Try again shortly.");
                }

                (tried, var stored) = await writer.AloneAsync(key, limit - time.GetElapsedTime(began), () => TryAsync(state, decide, change, tried));
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
            // Also for who was taken out of the live group by an attempt that came to nothing.
            await SettleAsync(key, noted, left, done, later, deferred);
        }
    }

    /// <summary>
    /// Stores the change, unless there was another meanwhile. Messages that came meanwhile do not alter what is to be done, only its place.
    /// </summary>
    private async Task<(Tried? Tried, bool Stored)> TryAsync(GroupState state, Func<GroupState, Task<GroupPlan?>> decide, string change, Tried? tried)
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
            },
        };
        return (new Tried(after, members), await groups.TryCommitAsync(state.Key, after, members, CancellationToken.None));
    }

    /// <summary>Stores a new group.</summary>
    /// <returns>False when there is one with this id.</returns>
    public async Task<bool> BeginAsync(ConversationKey key, ConversationHead head, IReadOnlyList<GroupMember> members)
    {
        var noted = await work.NoteAsync(
            key, [.. members.Select(m => m.LoginId)], TimeSpan.FromSeconds(options.Value.CommitSeconds));
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
        var rows = await Task.WhenAll(loginIds.Select(id => groups.FindMemberAsync(key, id, CancellationToken.None)));
        return rows.OfType<GroupMember>().ToDictionary(member => member.LoginId, StringComparer.Ordinal);
    }

    /// <summary>With each attempt anew: the note of an earlier one may be somebody else's by now.</summary>
    private async Task NoteAsync(ConversationKey key, GroupPlan plan, Dictionary<string, GroupWork> noted, TimeSpan patience)
    {
        var moving = plan.Members.Where(m => IsLive(m.Before) != IsLive(m.After) || Count(m.Before) != Count(m.After) || m.After is null)
            .Select(m => m.LoginId).ToList();
        if (moving.Count > 0)
        {
            foreach (var item in await work.NoteAsync(key, moving, patience))
            {
                noted[item.LoginId!] = item;
            }
        }

        if (plan.Closes)
        {
            await work.NoteAllAsync(key, CancellationToken.None);
        }
    }

    /// <param name="left">Who was taken out of the live group, perhaps for nothing.</param>
    private async Task SettleAsync(
        ConversationKey key, Dictionary<string, GroupWork> noted, HashSet<string> left, GroupChanged? done, List<string> later,
        Func<GroupChanged, Task>? deferred)
    {
        if (noted.Count == 0)
        {
            return;
        }

        var joined = done?.Members.Where(m => Count(m.Before) == 0 && IsLive(m.After)).Select(m => m.LoginId).ToHashSet(StringComparer.Ordinal) ?? [];
        var wait = joined.Count > 0 && groupOptions.Value.History == GroupHistory.Joined ? live.UntilQuiet(done!.Head) : TimeSpan.Zero;
        if (wait > TimeSpan.Zero)
        {
            later.AddRange(joined);
            live.SettleLater(
                wait, await live.ListAsync(joined.Select(id => noted[id])),
                now => now.Count > 0 && deferred is not null ? deferred(done! with { Deferred = [.. now] }) : Task.CompletedTask);
        }

        var items = noted.Values.Where(item => !later.Contains(item.LoginId!, StringComparer.Ordinal));
        await live.SettleAsync(key, items, left);
    }

    private static bool IsLive(GroupMember? member) => member is { Left: false, Blocked: false };

    private static int Count(GroupMember? member) => member is { Left: false } ? 1 : 0;

    /// <summary>What was sent to the storage last, which may have stored it without an answer.</summary>
    private readonly record struct Tried(ConversationHead Head, IReadOnlyList<MemberChange> Members);
}
