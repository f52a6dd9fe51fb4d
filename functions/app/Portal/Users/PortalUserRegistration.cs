using Microsoft.Extensions.DependencyInjection;

namespace Vox.Portal.Users;

public static class PortalUserRegistration
{
    public static IServiceCollection AddPortalUsers(this IServiceCollection services) =>
        services.AddSingleton<PortalUserService>().AddSingleton<UserImport>();
}
