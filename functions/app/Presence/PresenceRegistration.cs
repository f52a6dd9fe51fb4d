using Microsoft.Extensions.DependencyInjection;
using Vox.Users;

namespace Vox.Presence;

public static class PresenceRegistration
{
    public static IServiceCollection AddPresence(this IServiceCollection services)
    {
        services.AddOptions<PresenceOptions>().BindConfiguration(PresenceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PresenceStore>();
        services.AddSingleton<Watchers>();
        services.AddSingleton<PresenceService>();
        services.AddSingleton<IUserRemovalStep, PresenceRemoval>();
        return services;
    }
}
