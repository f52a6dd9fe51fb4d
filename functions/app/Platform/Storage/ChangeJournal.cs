using System.Collections.Concurrent;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;

namespace Vox.Platform.Storage;

/// <summary>
/// Notes which partitions have changed, because Table Storage does not tell. An export then reads these and nothing else. A process notes a
/// partition once in each interval, at the same time as it writes there, and answers nobody before both are stored. So a send waits for no
/// further request, and what was acknowledged is noted, whenever the process ends.
/// </summary>
public sealed partial class ChangeJournal
{
    private const int MaxKnown = 200_000;
    private const int MaxWaiting = 100_000;

    /// <summary>A journal that does not answer delays a write by this much, and no more. It is tried until it answers.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Table table;
    private readonly TimeProvider time;
    private readonly TimeSpan interval;
    private readonly ILogger logger;
    private readonly Batcher<Mark> batcher;

    // All marks of a process go to one partition: so those of a moment are one transaction. Processes are spread over the partitions.
    private readonly int shard = Random.Shared.Next(Keys.ChangeShards);
    private volatile Known known = new(0);

    public ChangeJournal(Table table, TimeProvider time, TimeSpan interval, ILogger<ChangeJournal> logger)
    {
        (this.table, this.time, this.interval, this.logger) = (table, time, interval, logger);
        batcher = new Batcher<Mark>(MaxWaiting, 100, int.MaxValue, static _ => 1, CommitAsync);
    }

    /// <summary>Begins to note a change that is about to be written.</summary>
    /// <param name="deletes">Rows are deleted: the export then holds the whole partition, because a row that is gone has no time.</param>
    public Note Begin(string tableName, string partition, bool deletes) => new(this, tableName, partition, deletes);

    /// <summary>The beginning of the present interval, Unix ms.</summary>
    private long Interval()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return now - (now % (long)interval.TotalMilliseconds);
    }

    private (long Interval, Task Stored) Add(string tableName, string partition, bool deletes)
    {
        var at = Interval();
        var current = known;
        if (current.Interval != at || current.Marks.Count >= MaxKnown)
        {
            // Two at once note a little twice, which does no harm.
            known = current = new Known(at);
        }

        if (current.Marks.TryGetValue((tableName, partition, true), out var mark)
            || (!deletes && current.Marks.TryGetValue((tableName, partition, false), out mark)))
        {
            return (at, mark.Stored.Task);
        }

        var added = new Mark(at, tableName, partition, deletes);
        mark = current.Marks.GetOrAdd((tableName, partition, deletes), added);
        if (ReferenceEquals(mark, added) && !batcher.TryAdd(added, out _))
        {
            current.Marks.TryRemove((tableName, partition, deletes), out _);
            added.Stored.TrySetResult();
            Full(tableName);
        }

        return (at, mark.Stored.Task);
    }

    private async Task CommitAsync(List<Mark> batch)
    {
        foreach (var together in batch.GroupBy(mark => mark.Interval))
        {
            var marks = together.DistinctBy(mark => (mark.Table, mark.Partition, mark.Deletes)).Select(mark => new TableTransactionAction(
                TableTransactionActionType.UpsertReplace,
                new TableEntity(
                    Keys.Changes(together.Key, shard), Keys.Change(mark.Table, mark.Partition, mark.Deletes ? "all" : "changed"))
                {
                    ["Table"] = mark.Table,
                    ["Partition"] = mark.Partition,
                    ["Deletes"] = mark.Deletes,
                })).ToList();
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await table.SubmitAsync(marks, CancellationToken.None);
                    break;
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    NotNoted(e, marks.Count, attempt);
                    await Task.Delay(TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(attempt, 8))));
                }
            }

            foreach (var mark in together)
            {
                mark.Stored.TrySetResult();
            }
        }
    }

    /// <summary>A change that is being noted.</summary>
    public readonly struct Note
    {
        private readonly ChangeJournal journal;
        private readonly (string Table, string Partition, bool Deletes) change;
        private readonly (long Interval, Task Stored) noted;

        internal Note(ChangeJournal journal, string table, string partition, bool deletes)
        {
            (this.journal, change) = (journal, (table, partition, deletes));
            noted = journal.Add(table, partition, deletes);
        }

        /// <summary>To be awaited after the write and before anybody hears of it.</summary>
        public ValueTask DoneAsync() =>
            noted.Stored.IsCompleted && journal.Interval() == noted.Interval ? ValueTask.CompletedTask : WaitAsync();

        private async ValueTask WaitAsync()
        {
            await noted.Stored.WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (journal.Interval() != noted.Interval)
            {
                // The write took until the next interval. The export of the one before may have looked too early.
                await journal.Add(change.Table, change.Partition, change.Deletes).Stored.WaitAsync(Patience)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private sealed record Mark(long Interval, string Table, string Partition, bool Deletes)
    {
        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Known(long interval)
    {
        public long Interval => interval;

        public ConcurrentDictionary<(string Table, string Partition, bool Deletes), Mark> Marks { get; } = new();
    }

    [LoggerMessage(1300, LogLevel.Warning, "{Count} changes could not be noted for the backup, attempt {Attempt}: trying again")]
    private partial void NotNoted(Exception exception, int count, int attempt);

    [LoggerMessage(1301, LogLevel.Error, "Too many changes wait to be noted: one of {Table} is backed up only by the next full pass")]
    private partial void Full(string table);
}
