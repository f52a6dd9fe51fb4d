using Microsoft.Extensions.DependencyInjection;

namespace Vox.Chat.Conversations.Changes;

internal static class ChangeRegistration
{
    public static IServiceCollection AddChanges(this IServiceCollection services)
    {
        services.AddSingleton<ChangeService>();
        services.AddSingleton<ChangeReader>();
        return services;
    }
}
