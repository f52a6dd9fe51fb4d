using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Protection;

namespace Vox.Portal.Protection;

internal static class PortalProtectionRegistration
{
    public static IServiceCollection AddPortalProtection(this IServiceCollection services)
    {
        services.AddSingleton<AuditErasure>();
        services.AddSingleton<IErasureStep>(provider => provider.GetRequiredService<AuditErasure>());
        services.AddSingleton<IDataRecordStep>(provider => provider.GetRequiredService<AuditErasure>());
        return services;
    }
}
