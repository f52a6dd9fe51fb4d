using Microsoft.Extensions.DependencyInjection;
using Vox.Users;

namespace Vox.Realtime;

public static class RealtimeRegistration
{
    public static IServiceCollection AddRealtime(this IServiceCollection services)
    {
        services.AddOptions<RealtimeOptions>().BindConfiguration(RealtimeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SignalRTokens>();
        services.AddSingleton<SignalRService>();
        services.AddSingleton<Pusher>();
        services.AddHostedService(provider => provider.GetRequiredService<Pusher>());
        services.AddSingleton<IUserRemovalStep, RealtimeRemoval>();
        return services;
    }
}
