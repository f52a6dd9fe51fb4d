using Microsoft.Extensions.DependencyInjection;

namespace Vox.Platform.Queues;

internal static class QueueRegistration
{
    public static IServiceCollection AddQueues(this IServiceCollection services) => services.AddSingleton<QueueClients>();
}
