using Microsoft.Extensions.DependencyInjection;

namespace Vox.Portal.Push;

internal static class PortalPushRegistration
{
    public static IServiceCollection AddPortalPush(this IServiceCollection services) => services.AddSingleton<PortalPushService>();
}
