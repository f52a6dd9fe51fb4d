using System.Collections.Concurrent;
using Vox.DevHost.Timers;

namespace Vox.Tests.Host;

/// <summary>Leases shared by the hosts of one test.</summary>
internal sealed class MemoryLeases : ITimerLeases
{
    private readonly ConcurrentDictionary<string, Lease> held = new(StringComparer.Ordinal);

    public bool IsReachable { get; set; } = true;

    public int Attempts { get; private set; }

    public IEnumerable<string> Held => held.Keys;

    public Task<ITimerLease?> TryAcquireAsync(string name, CancellationToken cancellation)
    {
        Attempts++;
        if (!IsReachable)
        {
            throw new IOException("The storage is unreachable.");
        }

        var lease = new Lease(this, name);
        return Task.FromResult<ITimerLease?>(held.TryAdd(name, lease) ? lease : null);
    }

    /// <summary>Takes every lease away, as when the storage forgets or another process breaks it.</summary>
    public async Task BreakAsync()
    {
        foreach (var lease in held.Values)
        {
            await lease.BreakAsync();
        }
    }

    private sealed class Lease(MemoryLeases all, string name) : ITimerLease
    {
        private readonly CancellationTokenSource lost = new();

        public CancellationToken Lost => lost.Token;

        public Task BreakAsync() => lost.CancelAsync();

        public ValueTask DisposeAsync()
        {
            all.held.TryRemove(KeyValuePair.Create(name, this));
            lost.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
