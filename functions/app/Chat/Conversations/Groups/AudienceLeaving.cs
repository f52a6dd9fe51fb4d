using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>
/// Members of broadcast groups leave: noted, taken out of the live group, then of the table, then of their lists, as in
/// <see cref="GroupChanges"/>. What an ended process has left undone, the timer finishes.
/// </summary>
public sealed class AudienceLeaving(
    AudienceStore audience, RecentStore recents, GroupLive live, GroupWorkStore work, IOptions<ConversationOptions> options)
{
    /// <summary>Members who leave at a time: those whom one note can name.</summary>
    private const int Portion = 98;

    private TimeSpan Patience => options.Value.CommitPatience;

    /// <param name="uid">Only if the member has this uid; null for whoever has the login id.</param>
    /// <param name="expels">They go against their will: it fails unless they are certainly out of the live group.</param>
    /// <param name="erase">Also somebody's refusal to be added again, because they are no user any more.</param>
    /// <returns>Those who were members.</returns>
    /// <exception cref="VoxException">realtime_unavailable, busy</exception>
    public async Task<IReadOnlyList<UserIdentity>> LeaveAsync(
        ConversationKey key, IReadOnlyCollection<string> ids, string? uid, bool expels, bool erase = false)
    {
        var left = new List<UserIdentity>();
        foreach (var portion in ids.Chunk(Portion))
        {
            var rows = await ManyRequests.EachAsync(portion, id => audience.FindAsync(key, id, CancellationToken.None));
            var members = rows.OfType<GroupMember>().Where(row => (uid ?? row.Uid) == row.Uid && (erase || !row.Left))
                .Select(row => row.In(key)).ToList();
            if (members.Count > 0)
            {
                left.AddRange(await LeaveAsync(key, members, expels, erase));
            }
        }

        return left;
    }

    private async Task<List<UserIdentity>> LeaveAsync(ConversationKey key, List<UserIdentity> members, bool expels, bool erase)
    {
        var noted = await work.NoteAsync(key, members, Patience);
        var gone = new List<UserIdentity>();
        try
        {
            if (!await live.LeaveAsync(key, members, Patience) && expels)
            {
                throw new VoxException(
                    Errors.RealtimeUnavailable,
                    "These members are still there: the live channel did not answer, and would go on telling them. Try again shortly.");
            }

            foreach (var shard in members.GroupBy(member => ChatKeys.AudienceShard(member.LoginId)))
            {
                var uids = shard.ToDictionary(member => member.LoginId, member => member.Uid, StringComparer.Ordinal);
                var changes = await audience.ChangeAsync(
                    key, uids.Keys, (id, row) => row is not null && row.Uid == uids[id] ? Leaves(row, erase) : null, Patience);
                gone.AddRange(changes.Select(change => change.Before!.In(key)));
            }

            return gone;
        }
        finally
        {
            // Also after an attempt that came to nothing: it may have taken somebody out of the live group.
            await live.SettleAsync(key, noted, members.ToHashSet());
        }
    }

    /// <exception cref="VoxException">not_a_member, busy</exception>
    public async Task<bool> BlockAsync(ConversationKey key, UserIdentity member, bool blocked)
    {
        var noted = await work.NoteAsync(key, [member], Patience);
        try
        {
            if (blocked)
            {
                await live.LeaveAsync(key, [member], Patience);
            }

            var changes = await audience.ChangeAsync(key, [member.LoginId], (_, row) =>
            {
                // Somebody who has left may still unblock the group, so that they can be added again.
                if (row?.Uid != member.Uid || (row.Left && !row.Blocked))
                {
                    throw GroupErrors.NotAMember();
                }

                return row.Blocked == blocked ? null
                    : row.Left ? new(row, null)
                    : new(row, row with { Blocked = blocked });
            }, Patience);
            return changes.Count > 0;
        }
        finally
        {
            await live.SettleAsync(key, noted, new HashSet<UserIdentity> { member });
        }
    }

    /// <summary>Removes users who have only just been added, and whom nobody has told of it.</summary>
    public async Task RemoveRowsAsync(ConversationKey key, IReadOnlyCollection<UserIdentity> members)
    {
        foreach (var shard in members.GroupBy(member => ChatKeys.AudienceShard(member.LoginId))
            .SelectMany(shard => shard.Chunk(AudienceStore.MaxChanges)))
        {
            var uids = shard.ToDictionary(member => member.LoginId, member => member.Uid, StringComparer.Ordinal);
            await audience.ChangeAsync(
                key, uids.Keys, (id, row) => row is not null && row.Uid == uids[id] ? new(row, null) : null, Patience);
        }

        await ManyRequests.EachAsync(members, member => recents.RemoveAsync(member, key.Id, CancellationToken.None));
    }

    /// <summary>A row stays only to remember that its user does not want to be added again.</summary>
    private static MemberChange? Leaves(GroupMember row, bool erase) =>
        erase || !row.Blocked ? new(row, null)
        : row.Left ? null
        : new(row, row with { Left = true });
}
