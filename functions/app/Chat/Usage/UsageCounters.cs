using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Platform.Storage;

namespace Vox.Chat.Usage;

/// <summary>
/// Counts messages, bytes and active users per project and day, in table <c>usage</c>. A send must not wait for statistics. So counts
/// gather in memory and are written every minute, by each process in rows of its own. A killed process loses that minute.
/// </summary>
public sealed partial class UsageCounters(
    UsageStore store, FoldMarks marks, IOptions<UsageOptions> options, TimeProvider time, ILogger<UsageCounters> logger)
    : IHostedService, IDisposable
{
    private readonly string process = Guid.NewGuid().ToString("N")[..12];
    private readonly ConcurrentDictionary<(string ProjectId, DateOnly Day), Counter> counters = new();
    private readonly SemaphoreSlim writing = new(1);
    private ITimer? timer;

    /// <param name="userId">The sender's uid.</param>
    public void Message(string projectId, string userId, int bytes)
    {
        var counter = counters.GetOrAdd((projectId, Today()), _ => new Counter());
        Interlocked.Increment(ref counter.Messages);
        Interlocked.Add(ref counter.Bytes, bytes);
        counter.Users.TryAdd(KeyText.Digest(userId), false);
    }

    public DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>The days from the first to the last, inclusive. Days without any use are left out.</summary>
    public async Task<List<UsageDay>> ReadAsync(string projectId, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        return await store.ReadAsync(projectId, from, to, cancellationToken);
    }

    /// <summary>All bytes of messages up to a day, inclusive.</summary>
    public async Task<long> BytesUntilAsync(string projectId, DateOnly day, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        return await store.BytesUntilAsync(projectId, day, cancellationToken);
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            foreach (var ((projectId, day), counter) in counters)
            {
                var messages = Interlocked.Read(ref counter.Messages);
                var bytes = Interlocked.Read(ref counter.Bytes);
                if (messages != counter.WrittenMessages || bytes != counter.WrittenBytes)
                {
                    await marks.MarkAsync(projectId, UsagePart.Messages, day, cancellationToken);
                    await store.SetCountsAsync(projectId, day, process, messages, bytes, cancellationToken);
                    (counter.WrittenMessages, counter.WrittenBytes) = (messages, bytes);
                }

                foreach (var user in counter.Users.Where(user => !user.Value).Select(user => user.Key).ToList())
                {
                    await store.AddUserAsync(projectId, day, user, cancellationToken);
                    counter.Users[user] = true;
                }

                if (day < Today().AddDays(-1))
                {
                    counters.TryRemove((projectId, day), out _);
                }
            }
        }
        finally
        {
            writing.Release();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var interval = options.Value.FlushInterval;
        timer = time.CreateTimer(_ => _ = TryFlushAsync(), null, interval, interval);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (timer is not null)
        {
            await timer.DisposeAsync();
        }

        await TryFlushAsync();
    }

    public void Dispose()
    {
        timer?.Dispose();
        writing.Dispose();
    }

    private async Task TryFlushAsync()
    {
        try
        {
            if (!counters.IsEmpty)
            {
                await FlushAsync(CancellationToken.None);
            }
        }
        catch (Exception e) when (StorageFailure.IsAny(e)
            || e is AggregateException or OperationCanceledException or ObjectDisposedException)
        {
            NotWritten(e);
        }
    }

    private sealed class Counter
    {
        public long Messages;
        public long Bytes;
        public long WrittenMessages;
        public long WrittenBytes;

        /// <summary>Active users by digest; true once written.</summary>
        public ConcurrentDictionary<string, bool> Users { get; } = new(StringComparer.Ordinal);
    }

    [LoggerMessage(6300, LogLevel.Warning, "Usage counts could not be written: they are written with the next ones")]
    private partial void NotWritten(Exception exception);
}
