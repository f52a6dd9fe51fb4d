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
public sealed partial class ChatLogWriter(
    ChatLogStore store, ChatLogMarkStore marks, IOptions<ChatLogOptions> options, TimeProvider time, ILogger<ChatLogWriter> logger)
    : IHostedService, IDisposable
{
    /// <summary>By so much a clock may be set back without anything being overlooked.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <summary>After so long without a message a process takes its name off the list.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    /// <summary>Projects whose end of the log is remembered.</summary>
    private const int MaxLanes = 2_000;

    private readonly ConcurrentDictionary<string, ChatLogLane> lanes = new(StringComparer.Ordinal);
    private readonly UnloggedWork unlogged = new(time);
    private readonly SemaphoreSlim registering = new(1);
    private readonly CancellationTokenSource stopping = new();
    private readonly Queue<Registration> retired = new();
    private volatile Registration? current;
    private Task alive = Task.CompletedTask;

    public bool IsCongested(string projectId) =>
        lanes.TryGetValue(projectId, out var lane) && lane.Batcher.Waiting >= options.Value.MaxWaiting;

    /// <summary>Before a message gets its time; until it is logged, this process is responsible for it.</summary>
    public UnloggedWork.Period Begin() => unlogged.Begin();

    /// <summary>Before a message is stored, after <see cref="Begin"/>: makes sure that somebody will look for it here, come what may.
    /// Costs nothing while the mark is known to stand.</summary>
    /// <returns>The mark, to be passed with the next message of the same conversation.</returns>
    public async ValueTask<LogMark> MarkAsync(ConversationKey conversation, LogMark? known)
    {
        var end = await KnownEndAsync(conversation.ProjectId, CancellationToken.None);
        var registration = current is { } now && IsTrusted(now) ? now : await RegisterAsync();
        registration.UsedAt = time.GetUtcNow();
        if (known?.Registration != registration)
        {
            await marks.MarkAsync(registration.Id, conversation, CancellationToken.None);
            registration.CountMark();
        }

        return new LogMark(registration, end);
    }

    /// <summary>An end of the project's log of at most a minute ago.</summary>
    public ValueTask<ChatLogTail> KnownEndAsync(string projectId, CancellationToken cancellationToken) =>
        Lane(projectId).KnownEndAsync(cancellationToken);

    /// <summary>After messages of one conversation were stored under a mark.</summary>
    public void Add(PendingEntry[] entries, LogMark mark)
    {
        if (entries is [var first, ..] && !TryAdd(entries))
        {
            Overflow(first.Conversation.ProjectId);
            Abandon(mark);
        }
    }

    /// <param name="entries">Of one project; at least one.</param>
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
    public void Abandon(LogMark mark)
    {
        mark.Registration.IsAbandoned = true;
        Interlocked.CompareExchange(ref current, null, mark.Registration);
    }

    /// <summary>Completes when what this process has stored so far is in the log, or this process stops.</summary>
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
            // Also what is being stored right now. What comes still later is marked under another name.
            await unlogged.WhenNoneAsync().WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
            await RemoveIfDoneAsync(cancellationToken);
            await stopping.CancelAsync();
            await alive.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ForgetRetiredAsync(cancellationToken);
        }
        catch (Exception e) when (StorageFailure.IsAny(e) || e is TimeoutException or OperationCanceledException)
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

    private ChatLogLane Lane(string projectId)
    {
        if (lanes.TryGetValue(projectId, out var known))
        {
            return known;
        }

        if (lanes.Count >= MaxLanes)
        {
            // All that have nothing to do; what they remember of the log is read again when it is needed.
            foreach (var lane in lanes.Where(static lane => lane.Value.Batcher.TryClose()))
            {
                lanes.TryRemove(lane);
            }
        }

        return lanes.GetOrAdd(
            projectId, id => new ChatLogLane(id, store, time, 2 * options.Value.MaxWaiting, logger, stopping.Token));
    }

    /// <summary>
    /// Whether nobody can take the process for dead yet, and not for as long again; and the clock was not set back, behind which a repair
    /// would not look.
    /// </summary>
    private bool IsTrusted(Registration registration)
    {
        var silence = time.GetUtcNow() - registration.SeenAt;
        return silence < TimeSpan.FromSeconds(options.Value.SilenceSeconds / 2.0) && silence > -Slack / 2;
    }

    private async Task<Registration> RegisterAsync()
    {
        await registering.WaitAsync();
        try
        {
            if (current is { } now && IsTrusted(now))
            {
                return now;
            }

            // A new name, also when an old one fell silent (a frozen machine): others may be clearing up behind that one.
            var at = time.GetUtcNow();
            var registration = new Registration(Guid.NewGuid().ToString("N")) { SeenAt = at, UsedAt = at };
            await marks.AddWriterAsync(registration.Id, at, LoggedThrough(), CancellationToken.None);
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
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.HeartbeatSeconds), time);
        while (await timer.WaitForNextTickAsync(stopping.Token))
        {
            try
            {
                await SayAliveAsync();
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

    private async Task SayAliveAsync()
    {
        await ForgetRetiredAsync(stopping.Token);
        if (current is not { } registration)
        {
            return;
        }

        var now = time.GetUtcNow();
        if (now - registration.UsedAt > Idle && await RemoveIfDoneAsync(stopping.Token))
        {
            // Nothing to say while nobody writes.
            return;
        }

        if (IsTrusted(registration) && await marks.SayAliveAsync(registration.Id, now, LoggedThrough(), stopping.Token))
        {
            registration.SeenAt = now;
            if (registration.Marks >= options.Value.MaxMarks && Interlocked.CompareExchange(ref current, null, registration) == registration)
            {
                // Only now: what begins later than this goes under the new name.
                registration.RetiredAt = time.GetUtcNow();
                retired.Enqueue(registration);
            }

            return;
        }

        // Silent for too long, or taken for dead already: what was marked under this name may be marked no more.
        Interlocked.CompareExchange(ref current, null, registration);
    }

    /// <summary>The names under which nothing is left to be logged. One that has to wait for long is the repair's, like an abandoned one.</summary>
    private async Task ForgetRetiredAsync(CancellationToken cancellationToken)
    {
        while (retired.TryPeek(out var registration) && unlogged.NextPeriod() > registration.RetiredAt)
        {
            if (!registration.IsAbandoned)
            {
                await marks.RemoveAsync(registration.Id, cancellationToken);
            }

            retired.Dequeue();
        }
    }

    /// <summary>Takes this process and its marks off the list, unless something is still to be logged.</summary>
    private async Task<bool> RemoveIfDoneAsync(CancellationToken cancellationToken)
    {
        Registration? done = null;
        if (!unlogged.IfNone(() => done = Interlocked.Exchange(ref current, null)))
        {
            return false;
        }

        if (done is not null)
        {
            await marks.RemoveAsync(done.Id, cancellationToken);
        }

        return true;
    }

    private long LoggedThrough() => (unlogged.NextPeriod() - Slack).ToUnixTimeMilliseconds();

    /// <summary>This process in the list of writers.</summary>
    public sealed class Registration(string id)
    {
        private long seenAt;
        private long usedAt;
        private int marks;
        private volatile bool abandoned;

        public string Id { get; } = id;

        /// <summary>Conversations marked under it; one that was marked twice counts twice.</summary>
        public int Marks => Volatile.Read(ref marks);

        /// <summary>Something marked under it may never be logged here: its marks stay for the repair.</summary>
        public bool IsAbandoned
        {
            get => abandoned;
            set => abandoned = value;
        }

        /// <summary>When another took its place.</summary>
        public DateTimeOffset RetiredAt { get; set; }

        public void CountMark() => Interlocked.Increment(ref marks);

        public DateTimeOffset SeenAt
        {
            get => new(Volatile.Read(ref seenAt), TimeSpan.Zero);
            set => Volatile.Write(ref seenAt, value.UtcTicks);
        }

        public DateTimeOffset UsedAt
        {
            get => new(Volatile.Read(ref usedAt), TimeSpan.Zero);
            set => Volatile.Write(ref usedAt, value.UtcTicks);
        }
    }

    /// <summary>A conversation's mark under a registration, and an end of the log from before it was asked for.</summary>
    public sealed record LogMark(Registration Registration, ChatLogTail KnownEnd);

    [LoggerMessage(2110, LogLevel.Error, "The log of {Project} has no room: messages wait for the repair")]
    private partial void Overflow(string project);

    [LoggerMessage(2111, LogLevel.Warning, "Stopped before everything was logged: another process will complete the log")]
    private partial void NotDrained(Exception exception);

    [LoggerMessage(2112, LogLevel.Warning, "Could not say that this process is alive")]
    private partial void NotAlive(Exception exception);
}
