using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.ChatLogs;

/// <summary>
/// Logs messages after they were stored, in the background and in batches, so that a send does not wait for it. What this process
/// does not get done, because it is killed, another completes: <see cref="ChatLogRepair"/>.
/// </summary>
public sealed partial class ChatLogWriter : IHostedService, IDisposable
{
    /// <summary>Projects whose end of the log is remembered.</summary>
    private const int MaxLanes = 2_000;

    private readonly ChatLogStore store;
    private readonly IOptions<ChatLogOptions> options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ConcurrentDictionary<string, ChatLogLane> lanes = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Task, string> following = new();
    private readonly UnloggedWork unlogged;
    private readonly ChatLogPresence presence;
    private readonly StoredMessages told;

    public ChatLogWriter(
        ChatLogStore store, ChatLogMarkStore marks, IEnumerable<IStoredMessageStep> steps, IEnumerable<IStoredChangeStep> changeSteps,
        IOptions<ChatLogOptions> options, TimeProvider time, ILogger<ChatLogWriter> logger)
    {
        (this.store, this.options, this.time, this.logger) = (store, options, time, logger);
        unlogged = new UnloggedWork(time);
        presence = new ChatLogPresence(marks, unlogged, options, time, logger, stopping.Token);
        told = new StoredMessages(steps, changeSteps, options.Value.MaxWaiting, logger, stopping.Token);
    }

    /// <summary>So many messages of the project wait that no more are to be stored.</summary>
    public bool IsCongested(string projectId) =>
        told.IsCongested(projectId)
        || (lanes.TryGetValue(projectId, out var lane) && lane.Batcher.Waiting >= options.Value.MaxWaiting);

    /// <summary>
    /// To be called before a message gets its time. From then until the message is logged, this process is responsible for it.
    /// </summary>
    public UnloggedWork.Period Begin() => unlogged.Begin();

    /// <summary>
    /// Before a message is stored, after <see cref="Begin"/>: makes sure that somebody will look for it here, come what may. Costs nothing
    /// while the mark is known to stand.
    /// </summary>
    /// <returns>The mark, to be passed with the next message of the same conversation.</returns>
    public async ValueTask<LogMark> MarkAsync(ConversationKey conversation, LogMark? known)
    {
        var end = await KnownEndAsync(conversation.ProjectId, CancellationToken.None);
        return new LogMark(await presence.MarkAsync(conversation, known), end);
    }

    /// <summary>An end of the project's log, at most a minute old.</summary>
    public ValueTask<ChatLogTail> KnownEndAsync(string projectId, CancellationToken cancellationToken) =>
        Lane(projectId).KnownEndAsync(cancellationToken);

    /// <summary>To be called after messages of one conversation were stored under a mark.</summary>
    public void Add(PendingEntry[] entries, LogMark mark)
    {
        if (entries is not [var first, ..])
        {
            return;
        }

        var logged = TryAdd(entries);
        if (!(TryTell([.. entries.Where(static entry => entry.Tells)]) && logged))
        {
            Overflow(first.Conversation.ProjectId);
            Abandon(mark);
        }
    }

    /// <summary>To be called after changes of one conversation were stored under a mark, and features wait for them.</summary>
    public void Add(IReadOnlyCollection<PendingChange> changes, LogMark mark)
    {
        if (!TryTell([.. changes]))
        {
            Overflow(changes.First().Conversation.ProjectId);
            Abandon(mark);
        }
    }

    /// <summary>
    /// Tells features of messages and changes of one project, see <see cref="IStoredMessageStep"/> and <see cref="IStoredChangeStep"/>.
    /// </summary>
    /// <returns>False when there is no room for all.</returns>
    public bool TryTell(params ReadOnlySpan<IPendingNews> news) => news.IsEmpty || told.TryAdd(news);

    /// <summary>Whether features wait for changes of messages of the project.</summary>
    public ValueTask<bool> TellsChangesAsync(string projectId, CancellationToken cancellationToken) =>
        told.WantsChangesAsync(projectId, cancellationToken);

    /// <summary>Whether features wait for messages of the project.</summary>
    public ValueTask<bool> TellsAsync(string projectId, CancellationToken cancellationToken) =>
        told.WantsAsync(projectId, cancellationToken);

    /// <summary>Puts messages in the queue for the log.</summary>
    /// <param name="entries">Messages of one project; at least one.</param>
    /// <returns>False when there is no room for all.</returns>
    public bool TryAdd(params ReadOnlySpan<PendingEntry> entries)
    {
        foreach (var entry in entries)
        {
            entry.Work.Add();
        }

        bool closed;
        do
        {
            if (Lane(entries[0].Conversation.ProjectId).Batcher.TryAdd(entries, out closed))
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

    /// <summary>
    /// For messages of which nobody knows whether they were stored, or which cannot be logged here: this process goes on under a
    /// new name, and behind the old one the repair looks for them as if the process had ended.
    /// </summary>
    public void Abandon(LogMark mark) => presence.Abandon(mark.Registration);

    /// <summary>
    /// Completes when what this process has stored so far is in the log, and features were told of it, or this process stops.
    /// </summary>
    public Task DrainAsync(string projectId) => Task.WhenAll(
        told.DrainAsync(projectId), lanes.TryGetValue(projectId, out var lane) ? lane.Batcher.DrainAsync() : Task.CompletedTask);

    /// <summary>Completes when what was changed so far shows in the log as well, or it could not be done for now.</summary>
    public async Task DrainChangesAsync(string projectId)
    {
        await DrainAsync(projectId);
        await Task.WhenAll(following.Where(item => item.Value == projectId).Select(static item => item.Key));
    }

    /// <summary>Readers of the log wait for this.</summary>
    /// <param name="task">Does not fail.</param>
    public void Follow(string projectId, Task task)
    {
        following[task] = projectId;
        _ = task.ContinueWith(done => following.TryRemove(done, out _), TaskScheduler.Default);
    }

    /// <summary>How many messages of all projects are stored and not logged yet.</summary>
    public int Waiting => lanes.Values.Sum(lane => lane.Batcher.Waiting);

    /// <summary>When the oldest of them was stored.</summary>
    public DateTimeOffset? OldestPending() => lanes.Values.Select(lane => lane.OldestPending).Min();

    /// <summary>Whether this is the present name of this process.</summary>
    public bool IsMine(string writerId) => presence.IsMine(writerId);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var lane in lanes.Values)
            {
                lane.Batcher.Hurry();
            }

            // This includes what is being stored right now. What comes still later is marked under another name.
            await unlogged.WhenNoneAsync().WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
            await presence.RemoveIfDoneAsync(cancellationToken);
            await stopping.CancelAsync();
            await presence.HeartbeatEndedAsync();
            await presence.ForgetRetiredAsync(cancellationToken);
        }
        catch (Exception e) when (StorageFailure.IsAny(e) || e is TimeoutException or OperationCanceledException)
        {
            NotDrained(e);
        }
        finally
        {
            await stopping.CancelAsync();
            await presence.HeartbeatEndedAsync();
        }
    }

    public void Dispose()
    {
        stopping.Dispose();
        presence.Dispose();
    }

    private ChatLogLane Lane(string projectId)
    {
        if (lanes.TryGetValue(projectId, out var known))
        {
            return known;
        }

        if (lanes.Count >= MaxLanes)
        {
            // Drops all lanes that have nothing to do; what they remember of the log is read again when it is needed.
            foreach (var lane in lanes.Where(static lane => lane.Value.Batcher.TryClose()))
            {
                lanes.TryRemove(lane);
            }
        }

        return lanes.GetOrAdd(
            projectId, id => new ChatLogLane(id, store, time, options.Value, logger, stopping.Token));
    }

    [LoggerMessage(2110, LogLevel.Error, "The log of {Project} has no room: messages wait for the repair")]
    private partial void Overflow(string project);

    [LoggerMessage(2111, LogLevel.Warning, "Stopped before everything was logged: another process will complete the log")]
    private partial void NotDrained(Exception exception);
}
