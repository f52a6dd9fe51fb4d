using Microsoft.Extensions.DependencyInjection;

namespace Vox.Portal.Accounts;

public static class AccountRegistration
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<PortalOptions>().BindConfiguration(PortalOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PortalAddress>();
        services.AddSingleton<DeveloperStore>();
        services.AddSingleton<OneTimeTokens>();
        services.AddSingleton<Captcha>();
        services.AddSingleton<AttemptGuard>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<PortalSessions>();
        services.AddSingleton<PortalCallers>();
        services.AddSingleton<Totp>();
        services.AddSingleton<DeveloperService>();
        services.AddSingleton<SignInService>();
        return services;
    }
}
