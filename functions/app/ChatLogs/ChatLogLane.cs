using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Vox.Storage;

namespace Vox.ChatLogs;

/// <summary>
/// Brings one project's messages to the end of its log, in batches. A message is logged once: whoever meets rows of others behind the
/// end as he knew it looks whether his own are among them.
/// </summary>
public sealed partial class ChatLogLane
{
    private const int MaxBatch = 100;
    private const int MaxBatchBytes = 3_000_000;

    private readonly string projectId;
    private readonly ChatLogStore store;
    private readonly TimeProvider time;
    private readonly TimeSpan trusted;
    private readonly ILogger logger;
    private readonly CancellationToken stopping;
    private ChatLogTail? tail;
    private bool unsure;

    /// <param name="trusted">For how long after it was stored nobody else can have logged a message.</param>
    public ChatLogLane(
        string projectId, ChatLogStore store, TimeProvider time, int capacity, TimeSpan trusted, ILogger logger, CancellationToken stopping)
    {
        (this.projectId, this.store, this.time, this.trusted, this.logger, this.stopping) =
            (projectId, store, time, trusted, logger, stopping);
        Batcher = new Batcher<PendingEntry>(
            capacity, MaxBatch, MaxBatchBytes, entry => 1_000 + (2 * entry.Message.Draft.Data.Length), CommitAsync);
    }

    public Batcher<PendingEntry> Batcher { get; }

    /// <summary>When the oldest message that is not logged yet was stored; null when there is none.</summary>
    public DateTimeOffset? OldestPending { get; private set; }

    /// <summary>A position at or before the end of the log.</summary>
    public async ValueTask<long> KnownEndAsync(CancellationToken cancellationToken)
    {
        // Two readers at once do no harm: both see an end that was true after they began.
        var known = Volatile.Read(ref tail);
        if (known is null)
        {
            known = await store.ReadTailAsync(projectId, cancellationToken);
            known = Interlocked.CompareExchange(ref tail, known, null) ?? known;
        }

        return known.Next;
    }

    private async Task CommitAsync(List<PendingEntry> batch)
    {
        using var activity = Diagnostics.Telemetry.StartRoot("append to log");
        OldestPending = batch.Min(entry => entry.Since);
        for (var attempt = 1; batch.Count > 0 && !stopping.IsCancellationRequested; attempt++)
        {
            try
            {
                await DropLoggedAsync(batch);
                await AppendAsync(batch);
                attempt = 0;
            }
            catch (TableTransactionFailedException e) when (e.Status is 409 or 412)
            {
                unsure = true;
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

        OldestPending = batch.Count > 0 ? batch.Min(entry => entry.Since) : null;
    }

    /// <summary>Finds the end of the log, and drops what stands there already.</summary>
    private async Task DropLoggedAsync(List<PendingEntry> batch)
    {
        var now = time.GetUtcNow();
        var end = await KnownEndAsync(stopping);
        var from = unsure ? end : long.MaxValue;
        foreach (var entry in batch)
        {
            if (now - entry.Since > trusted)
            {
                from = Math.Min(from, entry.KnownEnd);
            }
        }

        if (from == long.MaxValue)
        {
            return;
        }

        var (logged, newEnd) = await store.ReadAfterAsync(projectId, from < end ? new(from, 0) : tail!, stopping);
        batch.RemoveAll(entry => logged.Contains((entry.Conversation.Id, entry.Message.Sequence)));
        Volatile.Write(ref tail, newEnd);
        unsure = false;
    }

    private async Task AppendAsync(List<PendingEntry> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var end = tail!;
        var count = (int)Math.Min(batch.Count, Keys.LogBlockSize - (end.Next % Keys.LogBlockSize));
        var entries = new List<ChatLogEntry>(count);
        foreach (var (conversation, message, _, _) in batch.Take(count))
        {
            end = new(end.Next + 1, Math.Max(end.LastTime, message.SentAt));
            entries.Add(new ChatLogEntry(
                end.Next - 1, end.LastTime, conversation.Id, message.Sequence, message.Id, message.Draft.From, message.Draft.To,
                message.Draft.Type, message.Draft.Data));
        }

        await store.AppendAsync(projectId, entries, stopping);
        Volatile.Write(ref tail, end);
        batch.RemoveRange(0, count);
    }

    private async Task WaitAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, time, stopping);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the loop ends, and the next process finds the mark of this one.
        }
    }

    [LoggerMessage(2100, LogLevel.Warning, "The log of {Project} could not take {Count} messages (attempt {Attempt}); trying again")]
    private partial void Failed(Exception exception, string project, int count, int attempt);
}
