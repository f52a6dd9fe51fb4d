using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;

namespace Vox.Chat.Issuers;

internal static class IssuerRegistration
{
    public static IServiceCollection AddIssuers(this IServiceCollection services)
    {
        services.AddSingleton<IssuerStore>();
        services.AddSingleton<IssuerService>();
        services.AddSingleton<IssuerKeys>();
        services.AddSingleton<ILoginTokenKind, CustomerTokens>();
        services.AddProjectTables("issuers");
        return services;
    }
}
