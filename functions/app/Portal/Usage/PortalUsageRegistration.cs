using Microsoft.Extensions.DependencyInjection;

namespace Vox.Portal.Usage;

public static class PortalUsageRegistration
{
    public static IServiceCollection AddPortalUsage(this IServiceCollection services) =>
        services.AddSingleton<UsageService>().AddSingleton<UsageHistoryService>();
}
