using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Conversations;
using Vox.Messages;
using Vox.Storage;

namespace Vox.ChatLogs;

/// <summary>
/// Logs messages after they were stored, in the background and in batches, so that a send does not wait for it. What this process
/// does not get done, because it is killed, another completes: <see cref="ChatLogRepair"/>.
/// </summary>
public sealed partial class ChatLogWriter(
    ChatLogStore store, ChatLogMarks marks, IOptions<ChatLogOptions> options, TimeProvider time, ILogger<ChatLogWriter> logger)
    : IHostedService, IDisposable
{
    /// <summary>No commit of a message takes as long as this.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<string, ChatLogLane> lanes = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim registering = new(1);
    private readonly CancellationTokenSource stopping = new();
    private volatile Registration? current;
    private Task alive = Task.CompletedTask;

    private TimeSpan Trusted => TimeSpan.FromSeconds(options.Value.SilenceSeconds / 2.0);

    public bool IsCongested(string projectId) =>
        lanes.TryGetValue(projectId, out var lane) && lane.Batcher.Waiting >= options.Value.MaxWaiting;

    /// <summary>Before a message is stored: makes sure that somebody will look for it here. Costs nothing when the mark is known to stand.</summary>
    /// <returns>The mark, to be passed with the next message of the same conversation.</returns>
    public async ValueTask<LogMark> MarkAsync(ConversationKey conversation, LogMark? known)
    {
        var lane = Lane(conversation.ProjectId);
        var end = await lane.KnownEndAsync(CancellationToken.None);
        var registration = current is { } now && time.GetUtcNow() - now.SeenAt < Trusted ? now : await RegisterAsync();
        registration.UsedAt = time.GetUtcNow();
        if (known?.Registration != registration)
        {
            await marks.MarkAsync(registration.Id, conversation, CancellationToken.None);
            registration.Marks++;
        }

        return new LogMark(registration, end);
    }

    /// <summary>After a message was stored.</summary>
    public void Add(ConversationKey conversation, Message message, LogMark mark) =>
        Add(new PendingEntry(conversation, message, mark.KnownEnd, time.GetUtcNow()));

    /// <summary>For messages that a dead process left behind: whether they are logged already is looked up.</summary>
    public async Task<long> KnownEndAsync(string projectId, CancellationToken cancellationToken) =>
        await Lane(projectId).KnownEndAsync(cancellationToken);

    public void Add(PendingEntry entry)
    {
        if (!Lane(entry.Conversation.ProjectId).Batcher.TryAdd(entry, out _))
        {
            // Sends are refused before it comes to this; and the mark stays, so the message is found by the repair.
            Overflow(entry.Conversation.ProjectId);
        }
    }

    /// <summary>Completes when what this process has stored so far is in the log.</summary>
    public Task DrainAsync(string projectId) =>
        lanes.TryGetValue(projectId, out var lane) ? lane.Batcher.DrainAsync() : Task.CompletedTask;

    /// <summary>Messages of all projects that are stored and not logged yet.</summary>
    public int Waiting => lanes.Values.Sum(lane => lane.Batcher.Waiting);

    /// <summary>When the oldest of them was stored.</summary>
    public DateTimeOffset? OldestPending() => lanes.Values.Select(lane => lane.OldestPending).Min();

    public bool IsMine(string writerId) => current?.Id == writerId;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(lanes.Values.Select(lane => lane.Batcher.DrainAsync())).WaitAsync(TimeSpan.FromSeconds(10), time, cancellationToken);
            if (current is { } registration)
            {
                await marks.RemoveAsync(registration.Id, cancellationToken);
            }
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException or Azure.RequestFailedException)
        {
            NotDrained(e);
        }
        finally
        {
            await stopping.CancelAsync();
            await alive.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        stopping.Dispose();
        registering.Dispose();
    }

    private ChatLogLane Lane(string projectId) => lanes.GetOrAdd(
        projectId,
        id => new ChatLogLane(id, store, time, 2 * options.Value.MaxWaiting, Trusted, logger, stopping.Token));

    private async Task<Registration> RegisterAsync()
    {
        await registering.WaitAsync();
        try
        {
            if (current is { } now && time.GetUtcNow() - now.SeenAt < Trusted)
            {
                return now;
            }

            // A new name, also when an old one fell silent (a frozen machine): others may be clearing up behind that one.
            var registration = new Registration(Guid.NewGuid().ToString("N"));
            await SayAliveAsync(registration, CancellationToken.None);
            current = registration;
            if (alive.IsCompleted)
            {
                // Not below the span of the request that came first.
                using (ExecutionContext.SuppressFlow())
                {
                    alive = Task.Run(StayAliveAsync);
                }
            }

            return registration;
        }
        finally
        {
            registering.Release();
        }
    }

    private async Task StayAliveAsync()
    {
        while (current is { } registration && !stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(options.Value.HeartbeatSeconds), time, stopping.Token);
                if (time.GetUtcNow() - registration.UsedAt > Slack + Slack && OldestPending() is null)
                {
                    // Nothing to say while nobody writes.
                    current = null;
                    await marks.RemoveAsync(registration.Id, stopping.Token);
                    continue;
                }

                await SayAliveAsync(registration, stopping.Token);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (!stopping.IsCancellationRequested)
                {
                    NotAlive(e);
                }
            }
        }
    }

    private async Task SayAliveAsync(Registration registration, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var through = (OldestPending() ?? now) - Slack;
        await marks.SayAliveAsync(registration.Id, now, through.ToUnixTimeMilliseconds(), cancellationToken);
        registration.SeenAt = now;
    }

    /// <summary>This process in the list of writers.</summary>
    public sealed class Registration(string id)
    {
        public string Id { get; } = id;

        public DateTimeOffset SeenAt { get; set; }

        public DateTimeOffset UsedAt { get; set; }

        public int Marks { get; set; }
    }

    /// <summary>A conversation's mark under a registration, and the end of the log when it was last looked at.</summary>
    public sealed record LogMark(Registration Registration, long KnownEnd);

    [LoggerMessage(2110, LogLevel.Error, "The log of {Project} has no room: messages wait for the repair")]
    private partial void Overflow(string project);

    [LoggerMessage(2111, LogLevel.Warning, "Stopped before everything was logged: another process will complete the log")]
    private partial void NotDrained(Exception exception);

    [LoggerMessage(2112, LogLevel.Warning, "Could not say that this process is alive")]
    private partial void NotAlive(Exception exception);
}
