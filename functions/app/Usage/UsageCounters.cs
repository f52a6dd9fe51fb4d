using System.Collections.Concurrent;
using Azure.Data.Tables;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Storage;

namespace Vox.Usage;

/// <summary>What a project's users did in a day.</summary>
public sealed record UsageDay(DateOnly Day, long Messages, long Bytes, int ActiveUsers);

/// <summary>
/// Counts messages, bytes and active users per project and day, in table <c>usage</c>. A send must not wait for statistics: counts
/// gather in memory and are written every minute, each process in rows of its own. A killed process loses that minute.
/// </summary>
public sealed partial class UsageCounters(
    StorageClients storage, IOptions<UsageOptions> options, TimeProvider time, ILogger<UsageCounters> logger) : IHostedService, IDisposable
{
    private readonly Table table = storage.ProjectTable("usage");
    private readonly string process = Guid.NewGuid().ToString("N")[..12];
    private readonly ConcurrentDictionary<(string ProjectId, DateOnly Day), Counter> counters = new();
    private readonly SemaphoreSlim writing = new(1);
    private ITimer? timer;

    /// <param name="userId">Who sent it.</param>
    public void Message(string projectId, string userId, int bytes)
    {
        var counter = counters.GetOrAdd((projectId, Today()), _ => new Counter());
        Interlocked.Increment(ref counter.Messages);
        Interlocked.Add(ref counter.Bytes, bytes);
        counter.Users.TryAdd(KeyText.Digest(userId), false);
    }

    public DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>Days from the first to the last, inclusive; those without any use are left out.</summary>
    public async Task<List<UsageDay>> ReadAsync(string projectId, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        var days = new SortedDictionary<DateOnly, (long Messages, long Bytes, int Users)>();
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey ge {Keys.Usage(projectId, from)} and PartitionKey le {Keys.Usage(projectId, to)}", 1_000, cancellationToken))
        {
            var day = DateOnly.ParseExact(row.PartitionKey[(row.PartitionKey.IndexOf('|', StringComparison.Ordinal) + 1)..], "yyyy-MM-dd");
            var sum = days.GetValueOrDefault(day);
            days[day] = row.RowKey.StartsWith("c|", StringComparison.Ordinal)
                ? (sum.Messages + (row.GetInt64("Messages") ?? 0), sum.Bytes + (row.GetInt64("Bytes") ?? 0), sum.Users)
                : (sum.Messages, sum.Bytes, sum.Users + 1);
        }

        return [.. days.Select(day => new UsageDay(day.Key, day.Value.Messages, day.Value.Bytes, day.Value.Users))];
    }

    /// <summary>All bytes that messages have taken up to a day, inclusive.</summary>
    public async Task<long> BytesUntilAsync(string projectId, DateOnly day, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        long bytes = 0;
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey ge {Keys.ProjectRange(projectId).From} and PartitionKey le {Keys.Usage(projectId, day)} and RowKey ge {"c|"} and RowKey lt {"c}"}",
            1_000, cancellationToken, ["Bytes"]))
        {
            bytes += row.GetInt64("Bytes") ?? 0;
        }

        return bytes;
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
                var partition = Keys.Usage(projectId, day);
                if (messages != counter.WrittenMessages || bytes != counter.WrittenBytes)
                {
                    // The whole count of this process, not a difference: written twice it is still right.
                    await table.UpsertAsync(new TableEntity(partition, "c|" + process) { ["Messages"] = messages, ["Bytes"] = bytes }, cancellationToken);
                    (counter.WrittenMessages, counter.WrittenBytes) = (messages, bytes);
                }

                foreach (var user in counter.Users.Where(user => !user.Value).Select(user => user.Key).ToList())
                {
                    await table.UpsertAsync(new TableEntity(partition, "u|" + user), cancellationToken);
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
        var interval = TimeSpan.FromSeconds(options.Value.FlushSeconds);
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
        catch (Exception e) when (e is Azure.RequestFailedException or AggregateException or OperationCanceledException or ObjectDisposedException)
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

        /// <summary>By digest; true once written.</summary>
        public ConcurrentDictionary<string, bool> Users { get; } = new(StringComparer.Ordinal);
    }

    [LoggerMessage(6100, LogLevel.Warning, "Usage counts could not be written: they are written with the next ones")]
    private partial void NotWritten(Exception exception);
}
