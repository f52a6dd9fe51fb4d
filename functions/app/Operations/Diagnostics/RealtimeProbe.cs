using Vox.Chat.Realtime;

namespace Vox.Operations.Diagnostics;

/// <summary>Asks each SignalR service for a user who does not exist: this tests network and key or role, and costs nothing.</summary>
public sealed class RealtimeProbe(SignalRServices services)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>The parts of the health report: <c>signalr</c>; when there are several, <c>signalr-0</c>, <c>signalr-1</c>, ….</summary>
    public IEnumerable<(string Part, Task<(HealthLevel Level, string? Problem)> Asking)> Ask() => services.All.Count < 2
        ? [("signalr", AskAsync(services.All.FirstOrDefault()))]
        : services.All.Select(service => ($"signalr-{service.Number}", AskAsync(service)));

    private static async Task<(HealthLevel Level, string? Problem)> AskAsync(SignalRService? service)
    {
        if (service is null)
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
