using Microsoft.Extensions.DependencyInjection;

namespace Vox.Portal.Usage;

internal static class PortalUsageRegistration
{
    public static IServiceCollection AddPortalUsage(this IServiceCollection services) =>
        services.AddSingleton<UsageService>().AddSingleton<UsageHistoryService>();
}
