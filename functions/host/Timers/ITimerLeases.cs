namespace Vox.DevHost.Timers;

/// <summary>Decides which one of several processes runs a timer.</summary>
internal interface ITimerLeases
{
    /// <summary>The lease, or null while another process holds it.</summary>
    Task<ITimerLease?> TryAcquireAsync(string name, CancellationToken cancellation);
}

/// <summary>The right to run a timer; disposing gives it back.</summary>
internal interface ITimerLease : IAsyncDisposable
{
    /// <summary>Cancelled when the lease could not be kept.</summary>
    CancellationToken Lost { get; }
}
