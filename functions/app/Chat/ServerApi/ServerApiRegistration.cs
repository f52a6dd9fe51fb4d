using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Chat.Protection;

namespace Vox.Chat.ServerApi;

internal static class ServerApiRegistration
{
    public static IServiceCollection AddServerApi(this IServiceCollection services)
    {
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton<IdempotencyService>();
        services.AddSingleton<IErasureStep, IdempotencyErasure>();
        services.AddSingleton<ServerRequests>();
        services.AddSingleton<ServerActions>();
        services.AddSingleton<ServerGroups>();
        services.AddProjectTables("idempotency");
        return services;
    }
}
