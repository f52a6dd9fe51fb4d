namespace Vox.SignalREmulation;

/// <summary>Keep-alive for all connections, and the token that ends upstream calls when the emulator stops.</summary>
internal sealed class EmulatorLifetime(EmulatedHubs hubs, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource stopping = new();
    private Task heartbeat = Task.CompletedTask;

    public CancellationToken Stopping => stopping.Token;

    public void Start() => heartbeat = BeatAsync(new PeriodicTimer(Interval, time));

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await heartbeat;
        stopping.Dispose();
    }

    private async Task BeatAsync(PeriodicTimer timer)
    {
        using (timer)
        {
            try
            {
                while (await timer.WaitForNextTickAsync(stopping.Token))
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
