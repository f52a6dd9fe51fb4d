using Microsoft.Extensions.DependencyInjection;

namespace Vox.Portal.Issuers;

internal static class PortalIssuerRegistration
{
    public static IServiceCollection AddPortalIssuers(this IServiceCollection services) => services.AddSingleton<PortalIssuerService>();
}
