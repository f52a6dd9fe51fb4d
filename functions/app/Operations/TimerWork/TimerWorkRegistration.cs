using Microsoft.Extensions.DependencyInjection;

namespace Vox.Operations.TimerWork;

internal static class TimerWorkRegistration
{
    public static IServiceCollection AddTimerWork(this IServiceCollection services) => services.AddSingleton<TimerWorkService>();
}
