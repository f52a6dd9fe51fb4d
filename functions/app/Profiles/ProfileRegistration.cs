using Microsoft.Extensions.DependencyInjection;
using Vox.Users;

namespace Vox.Profiles;

public static class ProfileRegistration
{
    public static IServiceCollection AddProfiles(this IServiceCollection services)
    {
        services.AddSingleton<PersonStore>();
        services.AddSingleton<PersonReader>();
        services.AddSingleton<ProfileService>();
        services.AddSingleton<IUserRemovalStep, ProfileRemoval>();
        return services;
    }
}
