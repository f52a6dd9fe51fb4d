using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Vox.Chat.ChatLogs;
using Vox.Platform.Telemetry;

namespace Vox.Operations.Diagnostics;

/// <summary>How far the project logs are behind what is stored, in this process.</summary>
internal sealed class LogGauges(ChatLogWriter log, TimeProvider time) : IHostedService, IDisposable
{
    private readonly Meter meter = new(Instruments.Name);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        meter.CreateObservableGauge("vox.log.waiting", () => log.Waiting, "{message}", "Messages stored and not logged yet.");
        meter.CreateObservableGauge(
            "vox.log.oldest",
            () => log.OldestPending() is { } oldest ? Math.Max(0, (time.GetUtcNow() - oldest).TotalSeconds) : 0,
            "s", "Age of the oldest message that is stored and not logged yet.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => meter.Dispose();
}
