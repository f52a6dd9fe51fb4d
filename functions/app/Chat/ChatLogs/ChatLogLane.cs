using Microsoft.Extensions.Logging;
using Vox.Chat.Model;
using Vox.Platform.Storage;
using Vox.Platform.Telemetry;

namespace Vox.Chat.ChatLogs;

/// <summary>
/// Brings one project's messages to the end of its log, in batches. A message is logged once, even if another process logs it too: each
/// message comes with an end of the log from before it can have been logged, and is looked for in the rows behind that end. These rows are
/// known, because a row is added only at the end as this process knows it.
/// </summary>
internal sealed partial class ChatLogLane
{
    private const int MaxBatch = 100;
    private const int MaxBatchBytes = 3_000_000;

    /// <summary>How many rows are remembered. A message that comes later than so many others is looked up in the storage.</summary>
    private const int MaxRemembered = 2_000;

    /// <summary>An end older than this is read anew, so that there are not too many rows behind it.</summary>
    private static readonly TimeSpan EndLifetime = TimeSpan.FromMinutes(1);

    /// <summary>For this long after another process has logged something, this one expects others.</summary>
    private static readonly TimeSpan OthersLifetime = TimeSpan.FromMinutes(1);

    /// <summary>A process that logs again within this time is busy. It then gathers messages for the same time.</summary>
    private static readonly TimeSpan BusyInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>After this many conflicts in a row, the end is read before anything is added, until nobody has moved it.</summary>
    private const int ConflictsUntilReading = 2;

    private readonly string projectId;
    private readonly ChatLogStore store;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationToken stopping;
    private KnownEnd? known;

    // Used only by the batch under way: the end of the log, and every row from a position up to there.
    private ChatLogTail? tail;
    private HashSet<(string ConversationId, long Sequence)> rows = [];
    private long rowsFrom;
    private bool unsure;

    /// <summary>When this process last logged something of the project.</summary>
    private long? loggedAt;

    /// <summary>Conflicts since the end was last found where this process left it.</summary>
    private int conflicts;

    /// <summary>When another process was last found to log messages of the project. Null for never.</summary>
    private long? othersAt;

    public ChatLogLane(
        string projectId, ChatLogStore store, TimeProvider time, ChatLogOptions options, ILogger logger, CancellationToken stopping)
    {
        (this.projectId, this.store, this.time, this.logger, this.stopping) = (projectId, store, time, logger, stopping);
        Batcher = new Batcher<PendingEntry>(
            2 * options.MaxWaiting, MaxBatch, MaxBatchBytes, SizeOf, CommitAsync,
            () => Gather(options.Gather));
    }

    public Batcher<PendingEntry> Batcher { get; }

    /// <summary>
    /// For the metrics: when the oldest of the messages that are being logged right now was stored. Null when there are none.
    /// </summary>
    public DateTimeOffset? OldestPending { get; private set; }

    /// <summary>The end of the log, now or up to a minute ago.</summary>
    public async ValueTask<ChatLogTail> KnownEndAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref known) is { } end && time.GetElapsedTime(end.At) < EndLifetime)
        {
            return end.Tail;
        }

        // Several readers at once do no harm: each sees an end that was true after its reading began.
        var at = time.GetTimestamp();
        var read = await store.ReadTailAsync(projectId, cancellationToken);
        Volatile.Write(ref known, new KnownEnd(read, at));
        return read;
    }

    /// <summary>How long to wait for more messages before they are logged.</summary>
    private TimeSpan Gather(TimeSpan most)
    {
        if (othersAt is { } at && time.GetElapsedTime(at) < OthersLifetime)
        {
            return most;
        }

        // In a busy project one request may as well log several messages.
        return loggedAt is { } last && time.GetElapsedTime(last) < BusyInterval && BusyInterval < most ? BusyInterval : TimeSpan.Zero;
    }

    private static int SizeOf(PendingEntry entry)
    {
        var draft = entry.Message.Draft;
        return 2_000 + JsonSize.Of(draft.Data) + JsonSize.Of(draft.From) + JsonSize.Of(draft.To);
    }

    private async Task CommitAsync(List<PendingEntry> batch)
    {
        using var activity = Instruments.StartRoot("append to log");
        OldestPending = DateTimeOffset.FromUnixTimeMilliseconds(batch.Min(entry => entry.Message.SentAt));
        unsure |= conflicts >= ConflictsUntilReading;
        var (before, looked) = (conflicts, unsure);
        for (var attempt = 1; batch.Count > 0 && !stopping.IsCancellationRequested; attempt++)
        {
            try
            {
                await DropLoggedAsync(batch);
                await AppendAsync(batch);
                attempt = 0;
            }
            catch (Exception e) when (StorageFailure.IsConflict(e))
            {
                unsure = true;
                conflicts++;
                othersAt = time.GetTimestamp();
                await WaitAsync(TimeSpan.FromMilliseconds(Random.Shared.Next(2, 10 + (10 * Math.Min(attempt, 20)))));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The messages are stored and will be logged: by this process when the storage answers again, or by another.
                unsure = true;
                Failed(e, projectId, batch.Count, attempt);
                await WaitAsync(TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(attempt, 6))));
            }
        }

        if (conflicts == before && !looked)
        {
            conflicts = 0;
        }

        OldestPending = null;
    }

    /// <summary>Finds the end of the log, and drops what stands there already.</summary>
    private async Task DropLoggedAsync(List<PendingEntry> batch)
    {
        var oldest = batch.MinBy(static entry => entry.KnownEnd.Next)!.KnownEnd;
        if (tail is null || (oldest.Next > tail.Next && !unsure))
        {
            // The end was read anew since the last batch. What stands before it does not concern this one.
            Remember(oldest, []);
        }
        else if (unsure || oldest.Next < rowsFrom)
        {
            var (logged, end) = await store.ReadAfterAsync(projectId, oldest, stopping);
            if (end.Next == tail.Next)
            {
                conflicts = 0;
            }
            else
            {
                othersAt = time.GetTimestamp();
            }

            Remember(end, logged, oldest.Next);
            unsure = false;

            // Compare with everything that was read, which may be more than is remembered.
            Drop(batch, logged);
        }

        Drop(batch, rows);
    }

    private async Task AppendAsync(List<PendingEntry> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var end = tail!;
        if (end.Next % ChatKeys.LogBlockSize == 0)
        {
            var wanted = Math.Max(end.LastTime, batch[0].Message.SentAt);
            end = end with { LastTime = await store.BeginBlockAsync(projectId, ChatLogStore.BlockOf(end.Next), wanted, stopping) };
        }

        var count = (int)Math.Min(batch.Count, ChatKeys.LogBlockSize - (end.Next % ChatKeys.LogBlockSize));
        var entries = new List<ChatLogEntry>(count);
        foreach (var (conversation, message, _, _) in batch.Take(count))
        {
            end = new(end.Next + 1, Math.Max(end.LastTime, message.SentAt));
            entries.Add(ChatLogEntry.Of(conversation.Id, message) with { Position = end.Next - 1, LoggedAt = end.LastTime });
        }

        await store.AppendAsync(projectId, entries, stopping);
        loggedAt = time.GetTimestamp();
        foreach (var logged in batch.Take(count))
        {
            rows.Add(logged.Identity);
            logged.Work.Done();
        }

        batch.RemoveRange(0, count);
        Remember(end, rows, rowsFrom);
    }

    private void Remember(ChatLogTail end, HashSet<(string ConversationId, long Sequence)> rowsBefore, long? from = null)
    {
        (tail, rows, rowsFrom) = rowsBefore.Count <= MaxRemembered ? (end, rowsBefore, from ?? end.Next) : (end, [], end.Next);
        Volatile.Write(ref known, new KnownEnd(end, time.GetTimestamp()));
    }

    /// <summary>Takes out messages that are logged, and second copies within the batch.</summary>
    private static void Drop(List<PendingEntry> batch, HashSet<(string ConversationId, long Sequence)> logged)
    {
        var met = new HashSet<(string, long)>(batch.Count);
        batch.RemoveAll(entry =>
        {
            if (!logged.Contains(entry.Identity) && met.Add(entry.Identity))
            {
                return false;
            }

            entry.Work.Done();
            return true;
        });
    }

    private async Task WaitAsync(TimeSpan delay)
    {
        try
        {
            // By the real clock, not by the app's: the storage recovers in its own time.
            await Task.Delay(delay, stopping);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the loop ends, and the next process finds the mark of this one.
        }
    }

    private sealed record KnownEnd(ChatLogTail Tail, long At);

    [LoggerMessage(2100, LogLevel.Warning, "The log of {Project} could not take {Count} messages (attempt {Attempt}); trying again")]
    private partial void Failed(Exception exception, string project, int count, int attempt);
}
