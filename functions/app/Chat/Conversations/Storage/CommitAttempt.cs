using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Vox.Chat.ChatLogs;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;
using Vox.Platform.Telemetry;

namespace Vox.Chat.Conversations.Storage;

/// <summary>Stores one batch of a conversation, through conflicts and lost answers.</summary>
/// <param name="batch">Contains no send twice. A send that was answered is taken out.</param>
/// <param name="changes">What is changed in the same transaction.</param>
/// <param name="work">Keeps the batch open for the log. Null when none of its messages is logged.</param>
internal sealed partial class CommitAttempt(
    ConversationStore store,
    ConversationStart start,
    GroupStore groups,
    QuoteStore quotes,
    PersonalStateStore personal,
    ChatLogWriter log,
    ConversationTips tips,
    TimeProvider time,
    TimeSpan patience,
    ILogger logger,
    Lane lane,
    List<Append> batch,
    ChangeAttempt changes,
    UnloggedWork.Period? work)
{
    /// <summary>Meeting other writers now and then is normal. So often in a row, operators should know which conversation it is.</summary>
    private const int ManyConflicts = 5;

    /// <summary>Mentions of everybody that a group remembers. Older ones count as read.</summary>
    internal const int MaxAllMentions = 50;

    /// <summary>Names of the transactions that may have stored some of the remaining sends.</summary>
    private readonly HashSet<string> transactions = new(StringComparer.Ordinal);

    // A timestamp, not the clock: setting the clock meanwhile must neither end this attempt early nor prolong it.
    private readonly long began = time.GetTimestamp();

    /// <summary>The first attempt uses a head that a sender brought along, or one that is as new as theirs.</summary>
    private bool hasTip;

    /// <summary>That of the head as it was last seen.</summary>
    private long epoch;

    /// <summary>What replies and mentions of the batch need. Null when it has none.</summary>
    private SendFields? fields;

    /// <summary>The end of the log as it was known before any of this batch was stored.</summary>
    private ChatLogTail? logEnd;

    public bool MayHaveStored => transactions.Count > 0;

    private bool IsLate => time.GetElapsedTime(began) > patience;

    public async Task RunAsync()
    {
        hasTip = lane.TakeTip(batch.Select(static append => append.Target.Tip).Concat(changes.Tips(tips)));
        var isNew = !hasTip && await LookFirstAsync();
        while (batch.Count > 0 || !changes.IsOver)
        {
            var remembered = lane.Head is not null && !isNew;
            isNew = false;
            if ((lane.Head ??= await FindHeadAsync()) is not { } head)
            {
                changes.Refuse(new VoxException(Errors.NotFound, "There is no such conversation of yours.", "conversation"));
                return;
            }

            epoch = head.Epoch;
            if (remembered && ((batch.Count > 0 && head.Closed) || batch.Exists(append => IsBlocked(head, append))
                || changes.AreRefusedBy(head)))
            {
                // Nothing tells this process when a block ends. So a send is never refused because of a remembered head.
                lane.Head = null;
                continue;
            }

            if (head.Closed && batch.Count > 0)
            {
                await SettleStoredAsync(batch);
                Refuse(lane.Key.IsGroup
                    ? GroupErrors.NoGroup()
                    : new VoxException(Errors.RecipientNotFound, "The recipient does not exist any more.", "to"));
                batch.Clear();
            }

            if (head.Group is { } group)
            {
                var strangers = await FindStrangersAsync(group, head.Version);
                if (remembered && strangers.Count > 0)
                {
                    // As above, the remembered head may be old. The group may have been deleted meanwhile.
                    lane.Head = null;
                    continue;
                }

                await RefuseStrangersAsync(strangers, group.Frozen);
            }
            else if (batch.Exists(append => IsBlocked(head, append)))
            {
                await SettleStoredAsync(batch);
                RefuseBlocked(head);
            }

            if (batch.Exists(append => append.Draft.MentionsAll) && head.AllMentions is null)
            {
                // A tip does not know the earlier ones, and the transaction writes them all.
                lane.Head = null;
                continue;
            }

            fields = batch.Exists(SendFields.IsNeeded) ? await SendFields.ReadAsync(lane.Key, batch, groups, quotes, personal) : null;
            if (remembered && batch.Exists(append => fields?.Refusal(append) is not null))
            {
                // As above: the group may have been deleted meanwhile, which is the true reason.
                lane.Head = null;
                continue;
            }

            await RefuseByFieldsAsync();
            if ((batch.Count == 0 && changes.IsOver) || await TryCommitAsync(head, remembered))
            {
                return;
            }

            if (lane.Head is null && transactions.Count == 0)
            {
                // More must be known of the head than a tip says.
                continue;
            }

            await Task.Delay(lane.Contention.BeforeAttempt(transactions.Count));
        }
    }

    /// <summary>
    /// Reads the head first when there is no tip and another process was found to write too: it probably has written again. Reading first
    /// costs one request, failing and reading costs two. This ends when nobody has written in between.
    /// </summary>
    /// <returns>Whether the head was read just now.</returns>
    private async Task<bool> LookFirstAsync()
    {
        if (!lane.IsShared || lane.Head is not { } remembered)
        {
            return false;
        }

        lane.Head = await FindHeadAsync();
        lane.IsShared = lane.Head?.Version != remembered.Version;
        return true;
    }

    /// <returns>Null when the conversation has not begun, and nobody sends.</returns>
    private async Task<ConversationHead?> FindHeadAsync() =>
        await store.FindHeadAsync(lane.Key, CancellationToken.None)
        ?? (lane.Key.IsGroup ? throw GroupErrors.NoGroup() : batch.Count > 0 ? await start.NewHeadAsync(batch[0].Target) : null);

    /// <summary>Tries one transaction with all remaining sends and changes.</summary>
    /// <returns>False when it must be tried again.</returns>
    private async Task<bool> TryCommitAsync(ConversationHead head, bool remembered)
    {
        if (head.LastSequence == 0 && head.Group is null && batch.Count > 0)
        {
            await start.ListAsync(batch[0].Target);
        }

        if (work is not null)
        {
            lane.LogMark = await log.MarkAsync(lane.Key, lane.LogMark);
            logEnd ??= lane.LogMark.KnownEnd;
        }

        var name = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        ChangePlanRows? plan = null;
        if (!changes.IsOver && (plan = await changes.PlanAsync(head, remembered, name, transactions)) is null)
        {
            lane.Head = null;
            return false;
        }

        if (batch.Count == 0 && plan is not { IsEmpty: false })
        {
            if (remembered && !changes.IsOver)
            {
                // All is as it is wanted. Since nothing is stored, nothing shows that the remembered head still allows it.
                lane.Head = null;
                return false;
            }

            // Everything is refused, or as it is wanted.
            Changed(plan, head);
            return true;
        }

        transactions.Add(name);
        var messages = Messages(head);
        try
        {
            var from = time.GetTimestamp();
            var after = plan?.After(After(head, messages)) ?? After(head, messages);
            var commit = await store.CommitAsync(
                lane.Key, after, messages, name, CancellationToken.None, fields?.Extras(messages), plan);
            lane.Head = commit.Head;
            if (commit.Head is not null)
            {
                lane.Contention.Committed(time.GetElapsedTime(from));
                Committed([.. batch.Zip(messages)], commit.Head);
                Changed(plan, commit.Head);
                return true;
            }

            changes.MayBeStored |= !commit.OnlyTheHead;

            Instruments.Retried("conflict");
            lane.Contention.Overtaken();
            if (transactions.Count == 1 && !hasTip)
            {
                lane.IsShared = true;
            }

            Conflict(transactions.Count, lane.Key.Id);
            if (transactions.Count == ManyConflicts)
            {
                Contended(transactions.Count, lane.Key.Id);
            }

            return await IsOverAfterConflictAsync(commit.OnlyTheHead);
        }
        catch (Exception e) when (StorageFailure.IsUnanswered(e))
        {
            // The transaction may have committed. Then the next attempt meets its rows, which carry the name of this transaction.
            lane.Head = null;
            changes.MayBeStored = true;
            Instruments.Retried("unanswered");
            Unanswered(e, transactions.Count, lane.Key.Id);
            if (IsLate)
            {
                throw;
            }

            return false;
        }
    }

    /// <param name="onlyTheHead">True when no message of the batch was found to be stored already.</param>
    private async Task<bool> IsOverAfterConflictAsync(bool onlyTheHead)
    {
        var late = IsLate;
        if (!onlyTheHead || late)
        {
            await SettleStoredAsync(batch);
        }

        if (late)
        {
            var busy = new VoxException(Errors.Busy, "Too many are writing to this conversation at once: try again shortly.");
            Refuse(busy);
            changes.Refuse(busy);
        }

        return late;
    }

    private List<Message> Messages(ConversationHead head)
    {
        var sentAt = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), head.LastTime);
        var messages = new List<Message>(batch.Count);
        Dictionary<long, long>? replies = null;
        foreach (var append in batch)
        {
            var draft = fields?.Complete(append.Draft) ?? append.Draft;
            if (draft.Thread is > 0 and var thread)
            {
                replies ??= [];
                replies[thread] = replies.GetValueOrDefault(thread, fields!.RepliesIn(thread)) + 1;
                draft = draft with { ThreadNumber = replies[thread] };
            }

            messages.Add(new Message(head.LastSequence + 1 + messages.Count, sentAt, draft, Group: lane.GroupName, Epoch: epoch));
        }

        return messages;
    }

    /// <summary>The head after these messages.</summary>
    private static ConversationHead After(ConversationHead head, List<Message> messages)
    {
        var members = head.Members.ToArray();
        foreach (var message in messages)
        {
            if (head.IndexOf(message.Draft.FromUid) is >= 0 and var i)
            {
                members[i] = members[i].Sent(message.Sequence, message.Draft.MarksRead);
            }
        }

        if (messages.Count == 0)
        {
            return head;
        }

        var all = messages.Where(message => message.Draft.MentionsAll).Select(message => message.Sequence).ToList();
        return head with
        {
            Members = members,
            LastSequence = messages[^1].Sequence,
            LastTime = messages[^1].SentAt,
            AllMentions = all.Count == 0 ? head.AllMentions : [.. (head.AllMentions ?? []).Concat(all).TakeLast(MaxAllMentions)],
        };
    }

    private static bool IsBlocked(ConversationHead head, Append append) =>
        head.Members.Count > 1 && head.OtherThan(append.Draft.FromUid).Blocks;

    private void RefuseBlocked(ConversationHead head)
    {
        foreach (var append in batch)
        {
            if (IsBlocked(head, append))
            {
                append.Done.TrySetException(new VoxException(Errors.Blocked, "The recipient does not take messages from you.", "to"));
            }
        }

        batch.RemoveAll(append => append.Done.Task.IsCompleted);
    }

    /// <summary>For sends that are certainly not stored.</summary>
    private void Refuse(VoxException reason)
    {
        transactions.Clear();
        batch.ForEach(append => append.Done.TrySetException(reason));
    }

    /// <summary>
    /// The sends of users who are not members. A known member stays one as long as the group has the same version; if the version has
    /// changed by now, this head does not commit. Anyone who is not a known member is looked up each time.
    /// </summary>
    private async Task<List<Append>> FindStrangersAsync(GroupInfo group, RowVersion? version)
    {
        lane.See(group);
        foreach (var append in batch.Where(append => append.Target.TipKnowsSender && append.Target.Tip!.Version == version))
        {
            lane.Senders.Add(append.Draft.FromUid);
        }

        var unknown = batch.Select(append => append.Draft).Where(draft => !draft.IsSystem && !lane.Senders.Contains(draft.FromUid))
            .DistinctBy(draft => draft.FromUid, StringComparer.Ordinal);
        foreach (var (uid, member) in await Task.WhenAll(unknown.Select(async draft =>
            (draft.FromUid, await groups.FindInConversationAsync(lane.Key, draft.From, CancellationToken.None)))))
        {
            if (member?.Is(uid) == true && member.MayWrite(lane.Key, group.Frozen))
            {
                lane.Senders.Add(uid);
            }
        }

        return batch.FindAll(append => !append.Draft.IsSystem && !lane.Senders.Contains(append.Draft.FromUid));
    }

    private async Task RefuseStrangersAsync(List<Append> strangers, bool frozen)
    {
        if (strangers.Count > 0)
        {
            // A former member may have stored a message while still a member. Such a send gets its result.
            await SettleStoredAsync(strangers);
            foreach (var append in strangers)
            {
                append.Done.TrySetException(await groups.RefusalAsync(lane.Key, append.Draft, frozen));
            }

            batch.RemoveAll(append => append.Done.Task.IsCompleted);
        }
    }

    /// <summary>A send that was stored earlier gets its result, even if it would be refused now.</summary>
    private async Task RefuseByFieldsAsync()
    {
        var refused = batch.Where(append => fields?.Refusal(append) is not null).ToList();
        if (refused.Count > 0)
        {
            await SettleStoredAsync(refused);
            refused.ForEach(append => append.Done.TrySetException(fields!.Refusal(append)!));
            batch.RemoveAll(append => append.Done.Task.IsCompleted);
        }
    }

    /// <summary>Answers the sends that are already stored with their first results, and takes them out of the list.</summary>
    private async Task SettleStoredAsync(List<Append> sends)
    {
        var results = await Task.WhenAll(sends.Select(append =>
            store.FindFirstResultAsync(lane.Key, append.Draft.FromUid, append.Draft.Id, CancellationToken.None)));
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i] is not { } first)
            {
                continue;
            }

            var draft = fields?.Complete(sends[i].Draft) ?? sends[i].Draft;
            var message = new Message(first.Sequence, first.SentAt, draft, Group: lane.GroupName, Epoch: epoch);
            if (transactions.Contains(first.Commit))
            {
                Committed([(sends[i], message)]);
            }
            else
            {
                sends[i].Succeed(message, duplicate: true);
            }
        }

        sends.RemoveAll(append => append.Done.Task.IsCompleted);
    }

    /// <param name="head">The head after them; null when it is not known.</param>
    private void Committed(List<(Append Append, Message Message)> stored, ConversationHead? head = null)
    {
        if (work is not null && logEnd is not null && lane.LogMark is { } mark)
        {
            log.Add([.. stored.Where(s => s.Append.Target.Log).Select(
                s => new PendingEntry(lane.Key, s.Message, logEnd, work) { Tells = s.Append.Target.Tells })], mark);
        }

        // In a group each sender's own: they are members, or the transaction would not have been tried.
        var tip = head is null || lane.Key.IsGroup ? null : tips.Create(lane.Key, head);
        stored.ForEach(s => s.Append.Succeed(
            s.Message, duplicate: false,
            head is not null && lane.Key.IsGroup && !s.Append.Draft.IsSystem
                ? tips.CreateForGroup(lane.Key, head, s.Append.Draft.FromUid)
                : tip));
    }

    private void Changed(ChangePlanRows? plan, ConversationHead head)
    {
        if (plan is not null)
        {
            // A group's tip says of somebody that they may write.
            changes.Succeed(plan, head, uid => !lane.Key.IsGroup ? tips.Create(lane.Key, head)
                : lane.Members.TryGetValue(uid, out var member) && member.MayWrite(lane.Key, head.Group is { Frozen: true })
                    ? tips.CreateForGroup(lane.Key, head, uid)
                : null);
        }
    }

    [LoggerMessage(2000, LogLevel.Debug, "Attempt {Attempt} on conversation {Conversation} met another writer")]
    private partial void Conflict(int attempt, string conversation);

    [LoggerMessage(2002, LogLevel.Warning, "{Attempts} attempts in a row on conversation {Conversation} met other writers")]
    private partial void Contended(int attempts, string conversation);

    [LoggerMessage(2001, LogLevel.Warning, "Attempt {Attempt} on conversation {Conversation} was not answered")]
    private partial void Unanswered(Exception exception, int attempt, string conversation);
}
