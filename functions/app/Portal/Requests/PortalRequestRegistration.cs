using Microsoft.Extensions.DependencyInjection;

namespace Vox.Portal.Requests;

internal static class PortalRequestRegistration
{
    public static IServiceCollection AddPortalRequests(this IServiceCollection services) => services.AddSingleton<PortalRequestService>();
}
