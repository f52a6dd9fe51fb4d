using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;

namespace Vox.Chat.ApiKeys;

internal static class ApiKeyRegistration
{
    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddOptions<ApiKeyOptions>().BindConfiguration(ApiKeyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton<ApiKeyService>();
        services.AddSingleton<ServerCallers>();
        services.AddProjectTables("apikeys");
        return services;
    }
}
