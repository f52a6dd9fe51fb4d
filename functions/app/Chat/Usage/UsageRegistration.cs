using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;

namespace Vox.Chat.Usage;

internal static class UsageRegistration
{
    public static IServiceCollection AddUsage(this IServiceCollection services)
    {
        services.AddOptions<UsageOptions>().BindConfiguration(UsageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UsageStore>();
        services.AddSingleton<UsageCounters>();
        services.AddHostedService(provider => provider.GetRequiredService<UsageCounters>());
        services.AddProjectTables("usage");
        return services;
    }
}
