using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Chat.Users;

namespace Vox.Chat.People;

internal static class PeopleRegistration
{
    /// <summary>Profiles and presence.</summary>
    public static IServiceCollection AddPeople(this IServiceCollection services)
    {
        services.AddOptions<PresenceOptions>().BindConfiguration(PresenceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PersonStore>();
        services.AddSingleton<CustomStore>();
        services.AddSingleton<PersonReader>();
        services.AddSingleton<ProfileService>();
        services.AddSingleton<IUserRemovalStep, ProfileRemoval>();
        services.AddSingleton<PresenceStore>();
        services.AddSingleton<PresenceDueStore>();
        services.AddSingleton<Watchers>();
        services.AddSingleton<PresenceService>();
        services.AddSingleton<IUserRemovalStep, PresenceRemoval>();
        services.AddProjectTables("people", "presence");
        return services;
    }
}
