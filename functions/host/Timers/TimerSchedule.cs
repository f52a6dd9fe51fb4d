using Microsoft.Extensions.Configuration;
using NCrontab;

namespace Vox.DevHost.Timers;

/// <summary>When a timer is due, in UTC.</summary>
internal sealed class TimerSchedule(CrontabSchedule cron)
{
    /// <summary>Reads a six-field expression or the setting that holds one.</summary>
    /// <exception cref="InvalidOperationException">The setting is missing or the expression malformed.</exception>
    public static TimerSchedule Parse(string schedule, IConfiguration configuration)
    {
        var expression = configuration.Resolve(schedule);
        return CrontabSchedule.TryParse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = true }) is { } cron
            ? new TimerSchedule(cron)
            : throw new InvalidOperationException($"Its schedule '{expression}' is no cron expression of six fields.");
    }

    public DateTime NextAfter(DateTime utc) => cron.GetNextOccurrence(utc);
}
