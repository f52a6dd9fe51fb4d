using Vox.Platform.Storage;

namespace Vox.Operations.Backups;

/// <summary>
/// Lets one instance at a time do a piece of work. The platform runs a timer once, but sometimes twice; and a run that was killed does not
/// say so: its lease ends by itself.
/// </summary>
public sealed class WorkLeases(BackupStore store, TimeProvider time)
{
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(3);

    /// <returns>Null when somebody else is at it.</returns>
    internal async Task<WorkLease?> TryTakeAsync(string work, CancellationToken cancellationToken)
    {
        var name = "lease|" + work;
        var (state, version) = await store.FindStateAsync(name, BackupStateJson.Default.LeaseState, cancellationToken);
        if (state is not null && state.Until > time.GetUtcNow())
        {
            return null;
        }

        var lease = new WorkLease(store, time, name, Duration, version);
        return await lease.TryRenewAsync(cancellationToken) ? lease : null;
    }
}

internal sealed class WorkLease(BackupStore store, TimeProvider time, string name, TimeSpan duration, RowVersion? version)
    : IAsyncDisposable
{
    private readonly string owner = Guid.NewGuid().ToString("N");
    private RowVersion? version = version;
    private DateTimeOffset until;
    private bool lost;

    /// <summary>Somebody else does the work now, or may do it.</summary>
    public bool IsLost => lost;

    /// <summary>To be called before each step that must not be done twice at once.</summary>
    /// <returns>False when the lease is lost: stop.</returns>
    public async Task<bool> TryRenewAsync(CancellationToken cancellationToken) =>
        !(lost = lost || !await TryWriteAsync(time.GetUtcNow() + duration, cancellationToken));

    /// <summary>To be called often within a step that may take long. It costs a request once in a third of the lease's time.</summary>
    /// <returns>False when the lease is lost: stop.</returns>
    public async ValueTask<bool> TryKeepAsync(CancellationToken cancellationToken) =>
        !lost && (until - time.GetUtcNow() > duration / 3 * 2 || await TryRenewAsync(cancellationToken));

    public async ValueTask DisposeAsync()
    {
        if (!lost)
        {
            try
            {
                await TryWriteAsync(time.GetUtcNow(), CancellationToken.None);
            }
            catch (Exception e) when (StorageFailure.IsAny(e))
            {
                // It ends by itself.
            }
        }
    }

    private async Task<bool> TryWriteAsync(DateTimeOffset end, CancellationToken cancellationToken)
    {
        var written = await store.TryWriteStateAsync(
            name, new LeaseState(owner, end), BackupStateJson.Default.LeaseState, version, cancellationToken);
        if (written is null)
        {
            // It may be this very lease, written by an attempt whose answer was lost.
            var (state, found) = await store.FindStateAsync(name, BackupStateJson.Default.LeaseState, cancellationToken);
            written = state?.Owner == owner ? found : null;
        }

        (version, until) = written is null ? (version, until) : (written, end);
        return written is not null;
    }
}
