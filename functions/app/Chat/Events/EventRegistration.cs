using Microsoft.Extensions.DependencyInjection;

namespace Vox.Chat.Events;

internal static class EventRegistration
{
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddSingleton<LimitEvents>();
        services.AddHostedService(provider => provider.GetRequiredService<LimitEvents>());
        return services;
    }
}
