using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;

namespace Vox.Chat.Realtime;

internal static class RealtimeRegistration
{
    public static IServiceCollection AddRealtime(this IServiceCollection services)
    {
        services.AddOptions<RealtimeOptions>().BindConfiguration(RealtimeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<RealtimeOptions>, RealtimeSettings>();
        services.AddSingleton<SignalRTokens>();
        services.AddSingleton<UpstreamTokens>();
        services.AddSingleton<SignalRConnections>();
        services.AddSingleton<IServiceChoice>(provider => provider.GetRequiredService<SignalRConnections>());
        services.AddSingleton<SignalRServices>();
        services.AddSingleton<Pusher>();
        services.AddSingleton<ConnectionTickets>();
        services.AddSingleton<ConnectionGate>();
        services.AddHostedService(provider => provider.GetRequiredService<Pusher>());
        services.AddSingleton<ISessionsEndedStep, ConnectionEnding>();
        return services;
    }
}
