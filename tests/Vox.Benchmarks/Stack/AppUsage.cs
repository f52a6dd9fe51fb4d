using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Realtime;
using Vox.Platform.Storage;

namespace Vox.Benchmarks.Stack;

/// <summary>What an app process has used since its start. As a difference, what it has used between two moments.</summary>
/// <param name="Allocated">Allocated bytes.</param>
/// <param name="Requests">Requests to the storage, including retries.</param>
/// <param name="Rows">Table rows in the answers of the storage. Only counted on request.</param>
/// <param name="Sends">Sends to the SignalR service.</param>
/// <param name="Memory">The working set in bytes. Never a difference.</param>
internal sealed record AppUsage(
    double CpuSeconds, long Allocated, long Requests, long Rows, long Sends, int Collections, double PauseSeconds, long Memory)
{
    public static AppUsage Zero { get; } = new(0, 0, 0, 0, 0, 0, 0, 0);

    public static AppUsage Now(IServiceProvider services, RowCounter rows) => new(
        Environment.CpuUsage.TotalTime.TotalSeconds,
        GC.GetTotalAllocatedBytes(precise: true),
        services.GetRequiredService<StorageRequestCounter>().Count,
        rows.Rows,
        services.GetRequiredService<SignalRServices>().Sent,
        GC.CollectionCount(0),
        GC.GetTotalPauseDuration().TotalSeconds,
        Environment.WorkingSet);

    public AppUsage Since(AppUsage before) => new(
        CpuSeconds - before.CpuSeconds, Allocated - before.Allocated, Requests - before.Requests, Rows - before.Rows, Sends - before.Sends,
        Collections - before.Collections, PauseSeconds - before.PauseSeconds, Memory);

    public AppUsage And(AppUsage other) => new(
        CpuSeconds + other.CpuSeconds, Allocated + other.Allocated, Requests + other.Requests, Rows + other.Rows, Sends + other.Sends,
        Collections + other.Collections, PauseSeconds + other.PauseSeconds, Memory + other.Memory);
}
