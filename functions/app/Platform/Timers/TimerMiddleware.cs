using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Vox.Platform.Timers;

/// <summary>Watches how long each run of a timer takes. A run that was started by hand has no schedule, and nothing follows it.</summary>
internal sealed class TimerMiddleware(TimerWatch watch) : IFunctionsWorkerMiddleware
{
    private const string Trigger = "timerTrigger";

    /// <summary>For the builder: whether this is a timer.</summary>
    public static bool IsTimer(FunctionContext context) => BindingOf(context) is not null;

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if ((await context.BindInputAsync<TimerInfo>(BindingOf(context)!)).Value is { ScheduleStatus: { } status }
            && IntervalOf(status) is { } interval)
        {
            using var run = watch.Begin(context.FunctionDefinition.Name, interval);
            await next(context);
        }
        else
        {
            await next(context);
        }
    }

    /// <summary>
    /// The host tells when the run before this one began, and when the one that follows on it is due: this one. Before the first run, it
    /// tells no time of a former one.
    /// </summary>
    public static TimeSpan? IntervalOf(ScheduleStatus status) =>
        status.Last.Year > 1 && status.Next - status.Last is { Ticks: > 0 } interval ? interval : null;

    private static BindingMetadata? BindingOf(FunctionContext context)
    {
        foreach (var (_, binding) in context.FunctionDefinition.InputBindings)
        {
            if (string.Equals(binding.Type, Trigger, StringComparison.OrdinalIgnoreCase))
            {
                return binding;
            }
        }

        return null;
    }
}
