using Microsoft.Extensions.DependencyInjection;
using Vox.Platform.SelfChecks;

namespace Vox.Portal.Accounts;

internal static class AccountRegistration
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<PortalOptions>().BindConfiguration(PortalOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PortalAddress>();
        services.AddSingleton<PortalInfoService>();
        services.AddSingleton<DeveloperStore>();
        services.AddSingleton<OneTimeTokenStore>();
        services.AddSingleton<OneTimeTokens>();
        services.AddSingleton<Captcha>();
        services.AddSingleton<AttemptGuard>();
        services.AddSingleton<AuditStore>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<PortalSessionStore>();
        services.AddSingleton<PortalSessions>();
        services.AddSingleton<PortalCallers>();
        services.AddSingleton<PortalSweep>();
        services.AddSingleton<Totp>();
        services.AddSingleton<DeveloperPasswords>();
        services.AddSingleton<DeveloperService>();
        services.AddSingleton<TotpService>();
        services.AddSingleton<SignInService>();
        services.AddSingleton<SignInLinkService>();
        services.AddSingleton<ISelfCheck, PortalSelfCheck>();
        return services;
    }
}
