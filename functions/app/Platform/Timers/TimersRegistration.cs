using Microsoft.Extensions.DependencyInjection;

namespace Vox.Platform.Timers;

internal static class TimersRegistration
{
    public static IServiceCollection AddTimers(this IServiceCollection services)
    {
        services.AddOptions<TimerOptions>().BindConfiguration(TimerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TimerStore>();
        services.AddSingleton<TimerRuns>();
        services.AddSingleton<TimerWatch>();
        return services;
    }
}
