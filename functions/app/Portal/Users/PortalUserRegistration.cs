using Microsoft.Extensions.DependencyInjection;

namespace Vox.Portal.Users;

internal static class PortalUserRegistration
{
    public static IServiceCollection AddPortalUsers(this IServiceCollection services) =>
        services.AddSingleton<PortalUserService>().AddSingleton<UserImport>().AddSingleton<UserDetailService>();
}
