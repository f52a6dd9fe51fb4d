using Microsoft.Extensions.DependencyInjection;
using Vox.Portal.Usage;

namespace Vox.Portal.Users;

public static class PortalUserRegistration
{
    public static IServiceCollection AddPortalUsers(this IServiceCollection services) => services
        .AddSingleton<PortalUserService>().AddSingleton<UserImport>()
        // Only until Program calls it.
        .AddPortalUsage();
}
