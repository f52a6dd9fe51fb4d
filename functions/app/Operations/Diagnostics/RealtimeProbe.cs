using Vox.Chat.Realtime;

namespace Vox.Operations.Diagnostics;

/// <summary>Asks the SignalR service for a user who does not exist: this tests network and key or role, and costs nothing.</summary>
public sealed class RealtimeProbe(SignalRService service)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public async Task<(HealthLevel Level, string? Problem)> AskAsync()
    {
        if (!service.IsConfigured)
        {
            return (
                HealthLevel.Degraded,
                "No SignalR service is configured: set AzureSignalRConnectionString or AzureSignalRConnectionString__serviceUri. "
                + "Messages are stored, and not pushed.");
        }

        using var limit = new CancellationTokenSource(Limit);
        var (status, reason) = await service.ProbeAsync(limit.Token);
        return status is (>= 200 and < 300) or 404 ? (HealthLevel.Ok, null) : (HealthLevel.Degraded, SignalRAnswer.Explain(status, reason));
    }
}
