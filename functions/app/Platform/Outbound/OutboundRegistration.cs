using Microsoft.Extensions.DependencyInjection;

namespace Vox.Platform.Outbound;

internal static class OutboundRegistration
{
    public static IServiceCollection AddOutbound(this IServiceCollection services)
    {
        services.AddOptions<OutboundOptions>().BindConfiguration(OutboundOptions.Section);
        return services.AddSingleton<OutboundGuard>();
    }
}
