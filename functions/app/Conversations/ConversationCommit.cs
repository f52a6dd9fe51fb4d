using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.ChatLogs;
using Vox.Contacts;
using Vox.Diagnostics;
using Vox.Groups;
using Vox.Http;
using Vox.Messages;
using static Vox.Conversations.ConversationWriter;

namespace Vox.Conversations;

/// <summary>Brings one batch of a conversation into storage, whatever happens on the way.</summary>
public sealed partial class ConversationCommit(
    ConversationStore store,
    RecentStore recents,
    GroupStore groups,
    ContactStore contacts,
    ChatLogWriter log,
    IOptions<ConversationOptions> options,
    TimeProvider time,
    ILogger<ConversationCommit> logger)
{
    public async Task RunAsync(Lane lane, List<Append> batch)
    {
        using var activity = Telemetry.StartCommit(batch.ConvertAll(append => append.Trace));
        var work = batch.Exists(static append => append.Target.Log) ? log.Begin() : null;
        var attempts = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await CommitAsync(lane, Deduplicate(batch), attempts, work);
        }
        catch (Exception e)
        {
            // What we know of the head may be wrong now.
            lane.Head = null;
            if (attempts.Count > 0 && work is not null && lane.LogMark is { } mark)
            {
                // Stored or not: who sends it again learns it, and the repair, which otherwise nobody would ask.
                log.Abandon(mark);
            }

            foreach (var append in batch)
            {
                append.Done.TrySetException(e);
            }
        }
        finally
        {
            work?.Done();
        }
    }

    /// <param name="attempts">Names of the transactions that may have stored something of what is left.</param>
    private async Task CommitAsync(Lane lane, List<Append> batch, HashSet<string> attempts, UnloggedWork.Period? work)
    {
        // By the watch: a clock that is set meanwhile must neither end this early nor prolong it.
        var (began, patience) = (time.GetTimestamp(), TimeSpan.FromSeconds(options.Value.CommitSeconds));
        ChatLogTail? logEnd = null;
        while (batch.Count > 0)
        {
            var target = batch[0].Target;
            var remembered = lane.Head is not null;
            var head = lane.Head ??= await store.FindHeadAsync(lane.Key, CancellationToken.None)
                ?? (lane.Key.IsGroup ? throw GroupPolicy.NoGroup() : await NewHeadAsync(target));
            if (remembered && Refuses(head, batch))
            {
                // Nobody tells us when it ends: a refusal is never from memory.
                lane.Head = null;
                continue;
            }

            if (head.Closed)
            {
                await SettleStoredAsync(lane, batch, attempts, logEnd, work);
                Refuse(batch, attempts, lane.Key.IsGroup
                    ? GroupPolicy.NoGroup()
                    : new VoxException(Errors.RecipientNotFound, "The recipient does not exist any more.", "to"));
                return;
            }

            if (head.Group is { } group)
            {
                var strangers = await FindStrangersAsync(lane, group, batch);
                if (remembered && strangers.Count > 0)
                {
                    // As above: the group may have ended meanwhile.
                    lane.Head = null;
                    continue;
                }

                await RefuseStrangersAsync(lane, strangers, batch, attempts, logEnd, work);
                if (batch.Count == 0)
                {
                    return;
                }
            }

            if (batch.Exists(append => IsBlocked(head, append)))
            {
                await SettleStoredAsync(lane, batch, attempts, logEnd, work);
                RefuseBlocked(head, batch);
                continue;
            }

            if (head.LastSequence == 0 && head.Group is null)
            {
                await BeginAsync(target);
            }

            if (work is not null)
            {
                lane.LogMark = await log.MarkAsync(lane.Key, lane.LogMark);
                logEnd ??= lane.LogMark.KnownEnd;
            }

            var commit = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
            attempts.Add(commit);
            var sentAt = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), head.LastTime);
            var messages = new List<Message>(batch.Count);
            foreach (var append in batch)
            {
                messages.Add(new Message(head.LastSequence + 1 + messages.Count, sentAt, append.Draft, Group: lane.GroupName));
            }

            try
            {
                lane.Head = await store.CommitAsync(
                    lane.Key, After(head, messages), messages, commit, CancellationToken.None);
                Committed(lane, [.. batch.Zip(messages)], logEnd, work);
                return;
            }
            catch (TableTransactionFailedException e) when (e.Status is 409 or 412)
            {
                lane.Head = null;
                Telemetry.Retried("conflict");
                Conflict(attempts.Count, lane.Key.Id);
                if (e.FailedTransactionActionIndex is not 0 || time.GetElapsedTime(began) > patience)
                {
                    await SettleStoredAsync(lane, batch, attempts, logEnd, work);
                }

                if (time.GetElapsedTime(began) > patience)
                {
                    Refuse(batch, attempts, new VoxException(Errors.Busy, "Too many are writing to this conversation at once: try again shortly."));
                    return;
                }
            }
            catch (Exception e) when (IsUnanswered(e))
            {
                // It may have committed. Then the next attempt meets its rows, and they bear the name of this one.
                lane.Head = null;
                Telemetry.Retried("unanswered");
                Unanswered(e, attempts.Count, lane.Key.Id);
                if (time.GetElapsedTime(began) > patience)
                {
                    throw;
                }
            }

            // Longer with each attempt, and never the same as the other process.
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(2, 10 + (10 * Math.Min(attempts.Count, 20)))));
        }
    }

    /// <summary>Who has blocked the other before: a new user may have the name of one who was.</summary>
    private async Task<ConversationHead> NewHeadAsync(ConversationTarget target)
    {
        var members = target.Members;
        if (members is [var one, var two])
        {
            var blocks = await Task.WhenAll(
                contacts.IsBlockedAsync(target.Key.ProjectId, one.LoginId, two.LoginId, CancellationToken.None),
                contacts.IsBlockedAsync(target.Key.ProjectId, two.LoginId, one.LoginId, CancellationToken.None));
            members = [one with { Blocks = blocks[0] }, two with { Blocks = blocks[1] }];
        }

        return new ConversationHead(members, 0, 0, Closed: false, Version: null);
    }

    /// <summary>The head as it is with these messages.</summary>
    private static ConversationHead After(ConversationHead head, List<Message> messages)
    {
        var members = head.Members.ToArray();
        foreach (var message in messages)
        {
            if (head.IndexOf(message.Draft.FromUid) is >= 0 and var i)
            {
                members[i] = members[i] with { LastOwn = message.Sequence };
            }
        }

        return head with { Members = members, LastSequence = messages[^1].Sequence, LastTime = messages[^1].SentAt };
    }

    private static bool Refuses(ConversationHead head, List<Append> batch) =>
        head.Closed || batch.Exists(append => IsBlocked(head, append));

    private static bool IsBlocked(ConversationHead head, Append append) =>
        head.Members.Count > 1 && head.OtherThan(append.Draft.FromUid).Blocks;

    private static void RefuseBlocked(ConversationHead head, List<Append> batch)
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
    private static void Refuse(List<Append> batch, HashSet<string> attempts, VoxException reason)
    {
        attempts.Clear();
        batch.ForEach(append => append.Done.TrySetException(reason));
    }

    /// <summary>
    /// The sends of those who are not members. A member who was found to be one stays one as long as the group has the same
    /// version, and if it has another by now, this head does not commit; who is none is looked up each time.
    /// </summary>
    private async Task<List<Append>> FindStrangersAsync(Lane lane, GroupInfo group, List<Append> batch)
    {
        lane.GroupName = group.Name;
        if (lane.SendersAt != group.Version)
        {
            lane.Senders.Clear();
            lane.SendersAt = group.Version;
        }

        var unknown = batch.Select(append => append.Draft).Where(draft => !lane.Senders.Contains(draft.FromUid))
            .DistinctBy(draft => draft.FromUid, StringComparer.Ordinal);
        foreach (var (uid, member) in await Task.WhenAll(unknown.Select(async draft =>
            (draft.FromUid, await groups.FindMemberAsync(lane.Key, draft.From, CancellationToken.None)))))
        {
            if (member?.Is(uid) == true)
            {
                lane.Senders.Add(uid);
            }
        }

        return batch.FindAll(append => !lane.Senders.Contains(append.Draft.FromUid));
    }

    private async Task RefuseStrangersAsync(
        Lane lane, List<Append> strangers, List<Append> batch, HashSet<string> attempts, ChatLogTail? logEnd, UnloggedWork.Period? work)
    {
        if (strangers.Count > 0)
        {
            // What a former member sent while he was one has its result.
            await SettleStoredAsync(lane, strangers, attempts, logEnd, work);
            strangers.ForEach(append => append.Done.TrySetException(GroupPolicy.NotAMember()));
            batch.RemoveAll(append => append.Done.Task.IsCompleted);
        }
    }

    private static bool IsUnanswered(Exception e) =>
        e is RequestFailedException { Status: 0 or 408 or 429 or >= 500 } or TimeoutException or OperationCanceledException or AggregateException;

    /// <summary>Puts the conversation into the lists of its members, before its first message: a list entry without messages is not shown.</summary>
    private async Task BeginAsync(ConversationTarget target)
    {
        var members = target.Members;
        var pairs = members.Count == 1 ? [(members[0], members[0])] : new[] { (members[0], members[1]), (members[1], members[0]) };
        await Task.WhenAll(pairs.Select(pair =>
            recents.AddAsync(target.Key.ProjectId, pair.Item1, target.Key, pair.Item2, CancellationToken.None)));
    }

    /// <summary>Answers the sends of a batch that are stored already with their first results and takes them out.</summary>
    private async Task SettleStoredAsync(
        Lane lane, List<Append> batch, HashSet<string> ours, ChatLogTail? logEnd, UnloggedWork.Period? work)
    {
        var results = await Task.WhenAll(batch.Select(append =>
            store.FindFirstResultAsync(lane.Key, append.Draft.FromUid, append.Draft.Id, CancellationToken.None)));
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i] is not { } first)
            {
                continue;
            }

            if (ours.Contains(first.Commit))
            {
                Committed(
                    lane, [(batch[i], new Message(first.Sequence, first.SentAt, batch[i].Draft, Group: lane.GroupName))], logEnd, work);
            }
            else
            {
                batch[i].Succeed(first.Sequence, first.SentAt, duplicate: true);
            }
        }

        batch.RemoveAll(append => append.Done.Task.IsCompleted);
    }

    private void Committed(Lane lane, List<(Append Append, Message Message)> stored, ChatLogTail? logEnd, UnloggedWork.Period? work)
    {
        if (work is not null && logEnd is not null && lane.LogMark is { } mark)
        {
            log.Add(
                [.. stored.Where(s => s.Append.Target.Log).Select(s => new PendingEntry(lane.Key, s.Message, logEnd, work))], mark);
        }

        stored.ForEach(static s => s.Append.Succeed(s.Message.Sequence, s.Message.SentAt, duplicate: false));
    }

    /// <summary>The same send twice in one batch, from a client that retried early: the second shares the result of the first.</summary>
    private static List<Append> Deduplicate(List<Append> batch)
    {
        var first = new Dictionary<(string, string), Append>(batch.Count);
        var unique = new List<Append>(batch.Count);
        foreach (var append in batch)
        {
            if (first.TryAdd((append.Draft.FromUid, append.Draft.Id), append))
            {
                unique.Add(append);
            }
            else
            {
                _ = ShareAsync(first[(append.Draft.FromUid, append.Draft.Id)], append);
            }
        }

        return unique;
    }

    private static async Task ShareAsync(Append first, Append second)
    {
        try
        {
            var sent = await first.Done.Task;
            second.Done.TrySetResult(sent with { Duplicate = true });
        }
        catch (Exception e)
        {
            second.Done.TrySetException(e);
        }
    }

    [LoggerMessage(2000, LogLevel.Debug, "Attempt {Attempt} on conversation {Conversation} met another writer")]
    private partial void Conflict(int attempt, string conversation);

    [LoggerMessage(2001, LogLevel.Warning, "Attempt {Attempt} on conversation {Conversation} was not answered")]
    private partial void Unanswered(Exception exception, int attempt, string conversation);
}
