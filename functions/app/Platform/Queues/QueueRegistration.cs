using Microsoft.Extensions.DependencyInjection;
using Vox.Platform.SelfChecks;

namespace Vox.Platform.Queues;

internal static class QueueRegistration
{
    public static IServiceCollection AddQueues(this IServiceCollection services)
    {
        services.AddSingleton<QueueClients>();
        services.AddSingleton<ISelfCheck, QueueSelfCheck>();
        return services;
    }
}
