using Microsoft.Extensions.DependencyInjection;

namespace Vox.Users;

public static class UserRegistration
{
    public static IServiceCollection AddUsers(this IServiceCollection services)
    {
        services.AddOptions<UserOptions>().BindConfiguration(UserOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LoginIds>();
        services.AddSingleton<UserStore>();
        services.AddSingleton<UserService>();
        services.AddSingleton<SignUpService>();
        services.AddSingleton<UserRemoval>();
        services.AddSingleton<UserImport>();
        return services;
    }
}
