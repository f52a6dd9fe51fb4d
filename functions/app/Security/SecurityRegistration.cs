using Microsoft.Extensions.DependencyInjection;

namespace Vox.Security;

public static class SecurityRegistration
{
    public static IServiceCollection AddSecurity(this IServiceCollection services)
    {
        services.AddOptions<SecurityOptions>().BindConfiguration(SecurityOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PasswordHasher>();
        services.AddSingleton<SecretProtector>();
        services.AddSingleton<VerifiedCredentials>();
        return services;
    }
}
