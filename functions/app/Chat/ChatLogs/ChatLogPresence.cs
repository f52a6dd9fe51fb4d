using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Model;

namespace Vox.Chat.ChatLogs;

/// <summary>
/// Keeps this process in the list of those that write logs, for as long as it has something to log. So another process knows where to look
/// for messages if this one ends before it has logged them: <see cref="ChatLogRepair"/>.
/// </summary>
internal sealed partial class ChatLogPresence(
    ChatLogMarkStore marks, UnloggedWork unlogged, IOptions<ChatLogOptions> options, TimeProvider time, ILogger logger,
    CancellationToken stopping) : IDisposable
{
    /// <summary>By so much a clock may be set back without anything being overlooked.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <summary>After so long without a message a process takes its name off the list.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim registering = new(1);
    private readonly Queue<WriterRegistration> retired = new();
    private volatile WriterRegistration? current;
    private Task alive = Task.CompletedTask;

    public bool IsMine(string writerId) => current?.Id == writerId;

    /// <summary>Marks the conversation under the present name, unless the known mark is under that name already.</summary>
    /// <returns>The registration under which the mark stands.</returns>
    public async ValueTask<WriterRegistration> MarkAsync(ConversationKey conversation, LogMark? known)
    {
        var registration = current is { } now && IsTrusted(now) ? now : await RegisterAsync();
        registration.UsedAt = time.GetUtcNow();
        if (known?.Registration != registration)
        {
            await marks.MarkAsync(registration.Id, conversation, CancellationToken.None);
            registration.CountMark();
        }

        return registration;
    }

    /// <summary>Gives up a name and leaves its marks to the repair; what begins after this goes under a new name.</summary>
    public void Abandon(WriterRegistration registration)
    {
        registration.IsAbandoned = true;
        Interlocked.CompareExchange(ref current, null, registration);
    }

    /// <summary>Takes this process and its marks off the list, unless something is still to be logged.</summary>
    public async Task<bool> RemoveIfDoneAsync(CancellationToken cancellationToken)
    {
        WriterRegistration? done = null;
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

    /// <summary>
    /// Forgets the retired names under which nothing is left to be logged. The marks of an abandoned name stay for the repair, which also
    /// sees to a name that has to wait for long.
    /// </summary>
    public async Task ForgetRetiredAsync(CancellationToken cancellationToken)
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

    /// <summary>Completes when the heartbeat has ended, after this process was told to stop.</summary>
    public async Task HeartbeatEndedAsync() => await alive.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose() => registering.Dispose();

    /// <summary>
    /// Whether nobody can take this process for dead yet, nor for as long again, and the clock was not set back so far that a repair would
    /// not look for what is stored now.
    /// </summary>
    private bool IsTrusted(WriterRegistration registration)
    {
        var silence = time.GetUtcNow() - registration.SeenAt;
        return silence < options.Value.Silence / 2 && silence > -Slack / 2;
    }

    private async Task<WriterRegistration> RegisterAsync()
    {
        await registering.WaitAsync();
        try
        {
            if (current is { } now && IsTrusted(now))
            {
                return now;
            }

            // A new name, even when an old one merely fell silent (a frozen machine): others may be clearing up behind the old one.
            var at = time.GetUtcNow();
            var registration = new WriterRegistration(Guid.NewGuid().ToString("N")) { SeenAt = at, UsedAt = at };
            await marks.AddWriterAsync(registration.Id, at, LoggedThrough(), CancellationToken.None);
            current = registration;
            if (alive.IsCompleted)
            {
                // The heartbeat must not appear in traces as part of the request that came first.
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
        using var timer = new PeriodicTimer(options.Value.Heartbeat, time);
        while (await timer.WaitForNextTickAsync(stopping))
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
        await ForgetRetiredAsync(stopping);
        if (current is not { } registration)
        {
            return;
        }

        var now = time.GetUtcNow();
        if (now - registration.UsedAt > Idle && await RemoveIfDoneAsync(stopping))
        {
            // There is nothing to say while nobody writes.
            return;
        }

        if (IsTrusted(registration) && await marks.SayAliveAsync(registration.Id, now, LoggedThrough(), stopping))
        {
            registration.SeenAt = now;
            if (registration.Marks >= options.Value.MaxMarks
                && Interlocked.CompareExchange(ref current, null, registration) == registration)
            {
                // Only now, and not before: what begins later than this goes under the new name.
                registration.RetiredAt = time.GetUtcNow();
                retired.Enqueue(registration);
            }

            return;
        }

        // Silent for too long, or taken for dead already: the marks under this name may have been removed.
        Interlocked.CompareExchange(ref current, null, registration);
    }

    private long LoggedThrough() => (unlogged.NextPeriod() - Slack).ToUnixTimeMilliseconds();

    [LoggerMessage(2112, LogLevel.Warning, "Could not say that this process is alive")]
    private partial void NotAlive(Exception exception);
}
