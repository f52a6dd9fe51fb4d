using System.Collections.Concurrent;
using Vox.DevHost.Timers;

namespace Vox.Tests.Host;

/// <summary>Leases shared by the hosts of one test.</summary>
internal sealed class MemoryLeases : ITimerLeases
{
    private readonly ConcurrentDictionary<string, Lease> _held = new(StringComparer.Ordinal);

    public bool IsReachable { get; set; } = true;

    public int Attempts { get; private set; }

    public IEnumerable<string> Held => _held.Keys;

    public Task<ITimerLease?> TryAcquireAsync(string name, CancellationToken cancellation)
    {
        Attempts++;
        if (!IsReachable) throw new IOException("The storage is unreachable.");
        var lease = new Lease(this, name);
        return Task.FromResult<ITimerLease?>(_held.TryAdd(name, lease) ? lease : null);
    }

    /// <summary>Takes every lease away, as when the storage forgets or another process breaks it.</summary>
    public async Task BreakAsync()
    {
        foreach (var lease in _held.Values) await lease.BreakAsync();
    }

    private sealed class Lease(MemoryLeases all, string name) : ITimerLease
    {
        private readonly CancellationTokenSource _lost = new();

        public CancellationToken Lost => _lost.Token;

        public Task BreakAsync() => _lost.CancelAsync();

        public ValueTask DisposeAsync()
        {
            all._held.TryRemove(KeyValuePair.Create(name, this));
            _lost.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
