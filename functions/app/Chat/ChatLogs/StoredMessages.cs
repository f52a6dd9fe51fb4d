using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vox.Platform.Storage;
using Vox.Platform.Telemetry;

namespace Vox.Chat.ChatLogs;

/// <summary>
/// Tells features of the messages that this process has stored, and of their changes: in the background, beside the log. Each counts as
/// unlogged work until all have done their part, so <see cref="ChatLogRepair"/> tells them again if this process ends before.
/// </summary>
internal sealed partial class StoredMessages(
    IEnumerable<IStoredMessageStep> steps, IEnumerable<IStoredChangeStep> changeSteps, int maxWaiting, ILogger logger,
    CancellationToken stopping)
{
    private const int MaxBatch = 100;
    private const int MaxLanes = 2_000;

    private readonly IStoredMessageStep[] steps = [.. steps];
    private readonly IStoredChangeStep[] changeSteps = [.. changeSteps];
    private readonly ConcurrentDictionary<string, Batcher<IPendingNews>> lanes = new(StringComparer.Ordinal);

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

    public async ValueTask<bool> WantsChangesAsync(string projectId, CancellationToken cancellationToken)
    {
        foreach (var step in changeSteps)
        {
            if (await step.WantsChangesAsync(projectId, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="entries">Of one project; at least one.</param>
    /// <returns>False when there is no room for all: then none was taken.</returns>
    public bool TryAdd(params ReadOnlySpan<IPendingNews> entries)
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

    private Batcher<IPendingNews> Lane(string projectId)
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

        return lanes.GetOrAdd(projectId, id => new Batcher<IPendingNews>(
            2 * maxWaiting, MaxBatch, int.MaxValue, static _ => 1, batch => TellAsync(id, batch)));
    }

    private async Task TellAsync(string projectId, List<IPendingNews> batch)
    {
        using var activity = Instruments.StartRoot("tell of stored messages");
        // A change comes after its message, so the messages come first.
        PendingEntry[] messages = [.. batch.OfType<PendingEntry>()];
        PendingChange[] changes = [.. batch.OfType<PendingChange>()];
        var told = true;
        foreach (var step in messages.Length > 0 ? steps : [])
        {
            told = told && await TellAsync(projectId, messages.Length, () => step.StoredAsync(messages, stopping));
        }

        foreach (var step in changes.Length > 0 ? changeSteps : [])
        {
            told = told && await TellAsync(projectId, changes.Length, () => step.ChangedAsync(changes, stopping));
        }

        if (told)
        {
            batch.ForEach(static entry => entry.Work.Done());
        }
    }

    /// <returns>False when this process stops: the next one finds its marks.</returns>
    private async Task<bool> TellAsync(string projectId, int count, Func<Task> tell)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await tell();
                return true;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (stopping.IsCancellationRequested)
                {
                    return false;
                }

                Failed(e, projectId, count, attempt);
                // By the real clock, not by the app's: what failed recovers in its own time.
                await Task.Delay(TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(attempt, 6))), stopping)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(
        2115, LogLevel.Warning, "{Count} messages or changes of {Project} could not be told of (attempt {Attempt}); trying again")]
    private partial void Failed(Exception exception, string project, int count, int attempt);
}
