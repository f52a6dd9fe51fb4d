using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Storage;

/// <summary>The changes of one batch, through conflicts and lost answers. What was answered is taken out.</summary>
/// <param name="made">Told of changes that are stored, before anybody is answered: whoever then reads the log waits for it.</param>
internal sealed class ChangeAttempt(
    ChangeStore store, GroupStore groups, TimeProvider time, Lane lane, List<ChangeRequest> changes,
    Action<IReadOnlyList<MessageChange>> made)
{
    public bool IsOver => changes.Count == 0;

    /// <summary>Set when a transaction may have stored some of the changes: they are then looked for first.</summary>
    public bool MayBeStored { get; set; }

    /// <summary>
    /// Heads that the callers brought along. A direct conversation's tip does not have its members: they must be known here.
    /// </summary>
    public IEnumerable<ConversationHead?> Tips(ConversationTips tips) => changes.Where(change => change.Tip is not null).Select(change =>
        lane.Key.IsGroup ? tips.ReadForGroup(lane.Key, change.Actor.Uid, change.Tip)?.Head
        : lane.Head is { Members.Count: > 0 } known
            ? tips.Read(lane.Key, [.. known.Members.Select(member => new Member(member.LoginId, member.Uid))], change.Tip)
        : null);

    /// <summary>
    /// Whether some of the changes would be refused because of this head: if it is a remembered one, it is read again first.
    /// </summary>
    public bool AreRefusedBy(ConversationHead head) => changes.Exists(change => Refusal(head, change) is not null);

    /// <summary>Reads what the changes are about and applies them. Those that are not possible are answered.</summary>
    /// <param name="name">Names the transaction to come.</param>
    /// <param name="earlier">Names of transactions that may have stored some of the changes.</param>
    /// <param name="remembered">The head may be old. Nobody is refused because of it.</param>
    /// <returns>Null when more must be known of the head.</returns>
    public async Task<ChangePlanRows?> PlanAsync(ConversationHead head, bool remembered, string name, IReadOnlySet<string> earlier)
    {
        if (MayBeStored)
        {
            await SettleAsync(head, earlier);
            MayBeStored = false;
        }

        foreach (var change in changes)
        {
            if (Refusal(head, change) is { } refusal)
            {
                change.Fail(refusal);
            }
        }

        TakeOut();
        var last = head.LastChange > 0 || IsOver ? Task.FromResult(head.LastChange) : store.FindLastAsync(lane.Key);
        var members = head.Group is null ? [] : await FindMembersAsync();
        var holding = changes.ToDictionary(change => change, change => change.IsHeld?.Invoke() ?? Task.FromResult(false));
        var read = await ReadAsync();
        await Task.WhenAll(holding.Values);
        if (head.Pins is null && changes.Exists(change => change.Wanted is WantedPin
            || (change.Wanted is WantedDeletion && read.Messages.GetValueOrDefault(change.Sequence)?.IsPinned == true)))
        {
            return null;
        }

        if (head.AllMentions is null && changes.Exists(change => change.Wanted is WantedEdit { MentionsAll: true }))
        {
            // The transaction writes all of them, and a tip does not know the earlier ones.
            return null;
        }

        var now = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), head.LastTime);
        var plan = new ChangePlanRows(lane.Key, head, await last, now, name, read);
        foreach (var change in changes)
        {
            try
            {
                var member = members.GetValueOrDefault(change.Actor.Uid);
                if (head.Group is not null && member is null && !change.Actor.IsServer)
                {
                    throw GroupErrors.NotAMember();
                }

                plan.Apply(change, member, await holding[change]);
            }
            catch (VoxException) when (remembered)
            {
                return null;
            }
            catch (VoxException e)
            {
                change.Fail(e);
            }
        }

        TakeOut();
        return plan;
    }

    public void Succeed(ChangePlanRows plan, ConversationHead head, Func<string, string?> tip)
    {
        made(plan.Changes);
        plan.Succeed(head, tip);
        changes.Clear();
    }

    public void Refuse(VoxException reason)
    {
        changes.ForEach(change => change.Fail(reason));
        changes.Clear();
    }

    /// <summary>Answers the changes that are already stored.</summary>
    public async Task SettleAsync(ConversationHead head, IReadOnlySet<string> transactions)
    {
        foreach (var change in changes)
        {
            await SettleAsync(head, change, transactions);
        }

        TakeOut();
    }

    private async Task SettleAsync(ConversationHead head, ChangeRequest change, IReadOnlySet<string> transactions)
    {
        if (await store.FindMessageAsync(lane.Key, change.Sequence) is not { Message: var message })
        {
            return;
        }

        if (change.IsNoted)
        {
            if (await store.FindResultAsync(lane.Key, change.Actor.Uid, change.ChangeId) is var (number, commit))
            {
                var own = transactions.Contains(commit) ? await store.FindAsync(lane.Key, number) : null;
                if (own is { Change: var ours })
                {
                    made([ours]);
                }

                change.Done.TrySetResult(new ChangeResult(head, message, own?.Change));
            }
        }
        else if (message.State.Change > 0 && await store.FindAsync(lane.Key, message.State.Change) is var (stored, by)
            && transactions.Contains(by) && stored.ByUid == change.Actor.Uid)
        {
            made([stored]);
            change.Done.TrySetResult(new ChangeResult(head, message, stored));
        }
    }

    private static VoxException? Refusal(ConversationHead head, ChangeRequest change)
    {
        if (head.Group is not null)
        {
            return head.Closed ? GroupErrors.NoGroup() : null;
        }

        if (change.Actor.IsServer)
        {
            return null;
        }

        if (head.IndexOf(change.Actor.Uid) < 0)
        {
            return new VoxException(Errors.NotFound, "There is no such conversation of yours.", "conversation");
        }

        // What one wrote oneself, one may delete in any case.
        return change.Wanted is WantedDeletion ? null
            : head.Closed ? new VoxException(Errors.RecipientNotFound, "The other user does not exist any more.", "conversation")
            : head.Members.Count > 1 && head.OtherThan(change.Actor.Uid).Blocks
                ? new VoxException(Errors.Blocked, "The other user has blocked you.", "conversation")
            : null;
    }

    /// <summary>
    /// The members who want the changes. What is remembered of one holds as long as the group has the same version. Whoever is not found
    /// that way, or may not do enough, is looked up each time.
    /// </summary>
    private async Task<Dictionary<string, GroupMember>> FindMembersAsync()
    {
        var found = new Dictionary<string, GroupMember>(StringComparer.Ordinal);
        var wanted = changes.Where(change => !change.Actor.IsServer).GroupBy(change => change.Actor.Uid, StringComparer.Ordinal);
        foreach (var (uid, member) in await Task.WhenAll(wanted.Select(async own => (own.Key, await FindMemberAsync(own)))))
        {
            if (member is not null)
            {
                found[uid] = member;
            }
        }

        return found;
    }

    private async Task<GroupMember?> FindMemberAsync(IGrouping<string, ChangeRequest> own)
    {
        var actor = own.First().Actor;
        if (lane.Members.TryGetValue(own.Key, out var known)
            && (actor.MayModerate(known.Role) || own.All(change => change.Wanted is WantedEdit or WantedReaction)))
        {
            return known;
        }

        var member = await groups.FindMemberAsync(lane.Key, actor.LoginId, CancellationToken.None);
        if (member?.Is(own.Key) != true)
        {
            return null;
        }

        if (!member.InAudience)
        {
            lane.Members[own.Key] = member;
        }

        return member;
    }

    private async Task<ReadForChanges> ReadAsync()
    {
        var read = new ReadForChanges();
        var messages = changes.Select(change => change.Sequence).Distinct()
            .Select(async sequence => (Sequence: sequence, Message: await store.FindMessageAsync(lane.Key, sequence))).ToList();
        var reactions = changes.Where(change => change.Wanted is WantedReaction)
            .Select(change => (change.Actor.Uid, change.Sequence, ((WantedReaction)change.Wanted).Emoji)).Distinct()
            .Select(async own => (Row: ChatKeys.Reaction(own.Uid, own.Sequence, own.Emoji),
                At: await store.FindReactionAsync(lane.Key, own.Uid, own.Sequence, own.Emoji))).ToList();
        foreach (var (sequence, message) in await Task.WhenAll(messages))
        {
            read.Messages[sequence] = message;
        }

        foreach (var (row, at) in await Task.WhenAll(reactions))
        {
            if (at is { } stored)
            {
                read.Reactions[row] = stored;
            }
        }

        await Task.WhenAll(ReadReactorsAsync(read), ReadMentionedAsync(read));
        return read;
    }

    /// <summary>Members whom an edit mentions anew: one request each, all at once.</summary>
    private async Task ReadMentionedAsync(ReadForChanges read)
    {
        var names = changes.SelectMany(change => change.Wanted is WantedEdit edit && lane.Key.IsGroup
            && read.Messages.GetValueOrDefault(change.Sequence) is { } message ? ChangedMentions.New(message.Message.Draft, edit) : []);
        foreach (var (name, member) in await Task.WhenAll(names.Distinct(StringComparer.Ordinal).Select(async name =>
            (name, await groups.FindInConversationAsync(lane.Key, name, CancellationToken.None)))))
        {
            read.Members[name] = member;
        }
    }

    /// <summary>If somebody whose name is shown takes their reaction back, the next name takes its place.</summary>
    private async Task ReadReactorsAsync(ReadForChanges read)
    {
        foreach (var change in changes)
        {
            if (change.Wanted is WantedReaction { Present: false, Emoji: var emoji }
                && read.Messages.GetValueOrDefault(change.Sequence)?.Message.State.Reactions.FirstOrDefault(
                    reaction => reaction.Emoji == emoji) is { } summary
                && summary.Count > summary.Users.Count && summary.Users.Contains(change.Actor.LoginId, StringComparer.Ordinal)
                && !read.Reactors.ContainsKey((change.Sequence, emoji)))
            {
                read.Reactors[(change.Sequence, emoji)] = await store.ReadReactorsAsync(
                    lane.Key, change.Sequence, emoji, null, ReactionSummary.MaxUsers + 1, CancellationToken.None);
            }
        }
    }

    private void TakeOut() => changes.RemoveAll(change => change.Done.Task.IsCompleted);
}
