using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.ChatLogs;
using Vox.Chat.Model;
using Vox.Platform.Telemetry;

namespace Vox.Chat.Conversations.Storage;

/// <summary>Stores batches of messages and changes, one <see cref="CommitAttempt"/> each.</summary>
public sealed class ConversationCommit(
    ConversationStore store,
    ChangeStore changes,
    ChangeFollowUp followUp,
    ConversationStart start,
    GroupStore groups,
    QuoteStore quotes,
    PersonalStateStore personal,
    ChatLogWriter log,
    ConversationTips tips,
    IOptions<ConversationOptions> options,
    TimeProvider time,
    ILogger<ConversationCommit> logger)
{
    /// <summary>In the end every send and change of the batch is answered, with its result or with the reason why there is none.</summary>
    public async Task RunAsync(Lane lane, List<LaneItem> items)
    {
        using var activity = Instruments.StartCommit(items.ConvertAll(item => item.Trace));
        var work = items.Exists(static item => item is Append { Target.Log: true } or ChangeRequest { HasToFollow: true })
            ? log.Begin()
            : null;
        var changed = new ChangeAttempt(changes, groups, time, lane, [.. items.OfType<ChangeRequest>()], Follow);
        var attempt = new CommitAttempt(
            store, start, groups, quotes, personal, log, tips, time, options.Value.CommitPatience, logger, lane,
            Deduplicate([.. items.OfType<Append>()]), changed, work);
        try
        {
            await attempt.RunAsync();
        }
        catch (Exception e)
        {
            // The remembered head may be wrong now.
            lane.Head = null;
            if (attempt.MayHaveStored && work is not null && lane.LogMark is { } mark)
            {
                // Nobody knows whether it was stored. A repeated send would find out, but may never come. So the log's repair must look.
                log.Abandon(mark);
            }

            items.ForEach(item => item.Fail(e));
        }
        finally
        {
            work?.Done();
        }

        void Follow(IReadOnlyList<MessageChange> made)
        {
            if (work is null || lane.LogMark is not { } mark)
            {
                return;
            }

            if (made.Count > 0 && items.Exists(static item => item is ChangeRequest { Tells: true }))
            {
                log.Add([.. made.Select(change => new PendingChange(lane.Key, change, work))], mark);
            }

            if (made.Any(static change => change.Kind is ChangeKind.Edited or ChangeKind.Deleted))
            {
                followUp.Begin(lane.Key, made, work, mark);
            }
        }
    }

    /// <summary>A client that retried early may have the same send twice in one batch. The second shares the result of the first.</summary>
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
}
