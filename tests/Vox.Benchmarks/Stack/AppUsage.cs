using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Realtime;
using Vox.Platform.Storage;

namespace Vox.Benchmarks.Stack;

/// <summary>What an app process has used since its start; or, as a difference, between two moments.</summary>
/// <param name="Allocated">Bytes.</param>
/// <param name="Requests">To storage, retries included.</param>
/// <param name="Rows">Of tables, that storage answered with; only counted on request.</param>
/// <param name="Sends">To the SignalR service.</param>
/// <param name="Memory">Working set, bytes; not a difference.</param>
internal sealed record AppUsage(
    double CpuSeconds, long Allocated, long Requests, long Rows, long Sends, int Collections, double PauseSeconds, long Memory)
{
    public static AppUsage Zero { get; } = new(0, 0, 0, 0, 0, 0, 0, 0);

    public static AppUsage Now(IServiceProvider services, RowCounter rows) => new(
        Environment.CpuUsage.TotalTime.TotalSeconds,
        GC.GetTotalAllocatedBytes(precise: true),
        services.GetRequiredService<StorageRequestCounter>().Count,
        rows.Rows,
        services.GetRequiredService<SignalRService>().Sent,
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
