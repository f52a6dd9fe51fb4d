using Microsoft.Extensions.DependencyInjection;

namespace Vox.Portal.Moderation;

internal static class PortalModerationRegistration
{
    public static IServiceCollection AddPortalModeration(this IServiceCollection services) =>
        services.AddSingleton<PortalModerationService>();
}
