using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.ChatLogs;
using Vox.Platform.Telemetry;

namespace Vox.Chat.Conversations.Storage;

/// <summary>Brings batches of messages into storage, one <see cref="CommitAttempt"/> each.</summary>
public sealed class ConversationCommit(
    ConversationStore store,
    ConversationStart start,
    GroupStore groups,
    ChatLogWriter log,
    IOptions<ConversationOptions> options,
    TimeProvider time,
    ILogger<ConversationCommit> logger)
{
    /// <summary>Every send of the batch is answered in the end, with its result or with the reason why there is none.</summary>
    public async Task RunAsync(Lane lane, List<Append> batch)
    {
        using var activity = Instruments.StartCommit(batch.ConvertAll(append => append.Trace));
        var work = batch.Exists(static append => append.Target.Log) ? log.Begin() : null;
        var attempt = new CommitAttempt(
            store, start, groups, log, time, options.Value.CommitPatience, logger, lane, Deduplicate(batch), work);
        try
        {
            await attempt.RunAsync();
        }
        catch (Exception e)
        {
            // What we know of the head may be wrong now.
            lane.Head = null;
            if (attempt.MayHaveStored && work is not null && lane.LogMark is { } mark)
            {
                // Stored or not: whoever sends it again learns it, and so does the repair, which nobody would ask otherwise.
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
}
