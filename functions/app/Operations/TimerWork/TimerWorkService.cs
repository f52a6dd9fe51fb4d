using Microsoft.Extensions.Logging;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Timers;

namespace Vox.Operations.TimerWork;

/// <summary>Shows operators what fails in timers, and has it taken up again.</summary>
public sealed partial class TimerWorkService(TimerStore store, TimeProvider time, ILogger<TimerWorkService> logger)
{
    private const int MaxShown = 1_000;
    private const int MaxRetried = 10_000;

    /// <param name="timer">Only this timer's; null: all.</param>
    public async Task<TimerWorkResponse> ReadAsync(string? timer, CancellationToken cancellationToken)
    {
        var found = string.IsNullOrEmpty(timer)
            ? await store.ReadAllAsync(isAside: false, MaxShown, cancellationToken)
            : await store.ReadAsync(timer, MaxShown, cancellationToken);
        return new TimerWorkResponse(
            [.. found.OrderBy(work => work.Since).Select(work => new TimerWorkItem(
                work.Timer, work.Item, work.Attempts, work.Since, work.RetryAt, work.IsAside, work.Reason))]);
    }

    /// <summary>The next run tries it, as if it had not failed. Another call does the rest when there is more than it can do.</summary>
    /// <exception cref="VoxException">missing_field</exception>
    public async Task<RetryTimerWorkResponse> RetryAsync(RetryTimerWorkRequest request, CancellationToken cancellationToken)
    {
        if (request.Timer is not { Length: > 0 } timer)
        {
            throw new VoxException(Errors.MissingField, "timer is missing: the name of a timer, such as ChargeProjects.", "timer");
        }

        var found = await store.ReadAsync(timer, MaxRetried, cancellationToken);
        found.RemoveAll(work => request.Item is not null && work.Item != request.Item);
        var now = time.GetUtcNow();
        await Parallel.ForEachAsync(
            found, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (work, token) => await store.SaveAsync(work with { Attempts = 0, RetryAt = now, IsAside = false }, token));
        TakenUp(timer, found.Count);
        return new RetryTimerWorkResponse(found.Count);
    }

    [LoggerMessage(4120, LogLevel.Information, "An operator has {Count} pieces of work of {Timer} taken up again")]
    private partial void TakenUp(string timer, int count);
}
