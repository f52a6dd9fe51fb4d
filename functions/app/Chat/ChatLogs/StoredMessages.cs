using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vox.Platform.Storage;
using Vox.Platform.Telemetry;

namespace Vox.Chat.ChatLogs;

/// <summary>
/// Tells features of the messages that this process has stored: in the background, beside the log. A message counts as unlogged work until
/// all have done their part, so <see cref="ChatLogRepair"/> tells them again if this process ends before.
/// </summary>
internal sealed partial class StoredMessages(
    IEnumerable<IStoredMessageStep> steps, int maxWaiting, ILogger logger, CancellationToken stopping)
{
    private const int MaxBatch = 100;
    private const int MaxLanes = 2_000;

    private readonly IStoredMessageStep[] steps = [.. steps];
    private readonly ConcurrentDictionary<string, Batcher<PendingEntry>> lanes = new(StringComparer.Ordinal);

    public int Waiting => lanes.Values.Sum(lane => lane.Waiting);

    public bool IsCongested(string projectId) => lanes.TryGetValue(projectId, out var lane) && lane.Waiting >= maxWaiting;

    public Task DrainAsync(string projectId) => lanes.TryGetValue(projectId, out var lane) ? lane.DrainAsync() : Task.CompletedTask;

    public async ValueTask<bool> WantsAsync(string projectId, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            if (await step.WantsAsync(projectId, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="entries">Messages of one project; at least one.</param>
    /// <returns>False when there is no room for all: then none was taken.</returns>
    public bool TryAdd(params ReadOnlySpan<PendingEntry> entries)
    {
        foreach (var entry in entries)
        {
            entry.Work.Add();
        }

        bool closed;
        do
        {
            if (Lane(entries[0].Conversation.ProjectId).TryAdd(entries, out closed))
            {
                return true;
            }
        }
        while (closed);

        foreach (var entry in entries)
        {
            entry.Work.Done();
        }

        return false;
    }

    private Batcher<PendingEntry> Lane(string projectId)
    {
        if (lanes.TryGetValue(projectId, out var known))
        {
            return known;
        }

        if (lanes.Count >= MaxLanes)
        {
            foreach (var lane in lanes.Where(static lane => lane.Value.TryClose()))
            {
                lanes.TryRemove(lane);
            }
        }

        return lanes.GetOrAdd(projectId, id => new Batcher<PendingEntry>(
            2 * maxWaiting, MaxBatch, int.MaxValue, static _ => 1, batch => TellAsync(id, batch)));
    }

    private async Task TellAsync(string projectId, List<PendingEntry> batch)
    {
        using var activity = Instruments.StartRoot("tell of stored messages");
        foreach (var step in steps)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await step.StoredAsync(batch, stopping);
                    break;
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    if (stopping.IsCancellationRequested)
                    {
                        // The next process finds the marks of this one.
                        return;
                    }

                    Failed(e, projectId, batch.Count, attempt);
                    // By the real clock, not by the app's: what failed recovers in its own time.
                    await Task.Delay(TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(attempt, 6))), stopping)
                        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }

        batch.ForEach(static entry => entry.Work.Done());
    }

    [LoggerMessage(2115, LogLevel.Warning, "{Count} messages of {Project} could not be told of (attempt {Attempt}); trying again")]
    private partial void Failed(Exception exception, string project, int count, int attempt);
}
