namespace Vox.SignalREmulation;

/// <summary>Keep-alive for all connections, and the token that ends upstream calls when the emulator stops.</summary>
internal sealed class EmulatorLifetime(EmulatedHubs hubs, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _stopping = new();
    private Task _heartbeat = Task.CompletedTask;

    public CancellationToken Stopping => _stopping.Token;

    public void Start() => _heartbeat = BeatAsync(new PeriodicTimer(Interval, time));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _heartbeat;
        _stopping.Dispose();
    }

    private async Task BeatAsync(PeriodicTimer timer)
    {
        using (timer)
        {
            try
            {
                while (await timer.WaitForNextTickAsync(_stopping.Token))
                {
                    foreach (var connection in hubs.Connections)
                    {
                        connection.Tick();
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // Stopping.
            }
        }
    }
}
