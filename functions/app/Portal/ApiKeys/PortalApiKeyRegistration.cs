using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.ApiKeys;

namespace Vox.Portal.ApiKeys;

internal static class PortalApiKeyRegistration
{
    public static IServiceCollection AddPortalApiKeys(this IServiceCollection services) =>
        services.AddSingleton<PortalApiKeyService>().AddSingleton<IServerActionStep, ServerActionAudit>();
}
