using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;

namespace Vox.Chat.Usage;

internal static class UsageRegistration
{
    public static IServiceCollection AddUsage(this IServiceCollection services)
    {
        services.AddOptions<UsageOptions>().BindConfiguration(UsageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UsageStore>();
        services.AddSingleton<FoldMarkStore>();
        services.AddSingleton<FoldMarks>();
        services.AddSingleton<DailyUsageStore>();
        services.AddSingleton<IDailyFigure, MessageBytes>();
        services.AddSingleton<UsageFold>();
        services.AddSingleton<UsageCounters>();
        services.AddHostedService(provider => provider.GetRequiredService<UsageCounters>());
        services.AddSingleton<IProjectRemovalStep>(provider => provider.GetRequiredService<FoldMarkStore>());
        services.AddProjectTables("usage");
        return services;
    }
}
