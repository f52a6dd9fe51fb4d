using Vox.Realtime;

namespace Vox.Diagnostics;

/// <summary>Asks the SignalR service for a user who does not exist: that needs the network, the key or the role, and costs nothing.</summary>
public sealed class RealtimeProbe(SignalRService service)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public async Task<(HealthLevel Level, string? Problem)> AskAsync()
    {
        if (!service.IsConfigured)
        {
            return (HealthLevel.Degraded, "No SignalR service is configured: set AzureSignalRConnectionString or AzureSignalRConnectionString__serviceUri. "
                + "Messages are stored, and not pushed.");
        }

        using var limit = new CancellationTokenSource(Limit);
        var (status, reason) = await service.ProbeAsync(limit.Token);
        return status is (>= 200 and < 300) or 404 ? (HealthLevel.Ok, null) : (HealthLevel.Degraded, Explain(status, reason));
    }

    public static string Explain(int status, string reason) => status switch
    {
        401 => "The SignalR service refuses the access key: copy the connection string again, and see that the clock is right.",
        403 => "The SignalR service refuses this identity: give it the role SignalR Service Owner on the service (infra-bicep/modules/rbac.bicep).",
        429 => "The SignalR service is overloaded: add units.",
        0 => $"The SignalR service does not answer ({reason}): check its address and the network.",
        _ => $"The SignalR service answers {status}.",
    };
}
