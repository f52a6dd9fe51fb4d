using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Holds;
using Vox.Chat.Projects;
using Vox.Chat.Usage;
using Vox.Chat.Vendor;
using Vox.Platform.Http;

namespace Vox.Chat.Users;

internal static class UserRegistration
{
    public static IServiceCollection AddUsers(this IServiceCollection services)
    {
        services.AddOptions<UserOptions>().BindConfiguration(UserOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LoginIds>();
        services.AddSingleton<HoldStore>();
        services.AddSingleton<UserStore>();
        services.AddSingleton<UserMeterStore>();
        services.AddSingleton<UserMeter>();
        services.AddSingleton<IDailyFigure>(provider => provider.GetRequiredService<UserMeter>());
        services.AddSingleton<IUserRemovalStep>(provider => provider.GetRequiredService<UserMeter>());
        services.AddSingleton<UserService>();
        services.AddSingleton<SignUpService>();
        services.AddSingleton<UserRemoval>();
        services.AddSingleton<IProjectRemovalStep, UserDeletionsRemoval>();
        services.AddProjectTables("users", "holds");
        services.Configure<ErrorShapes>(shapes =>
        {
            shapes.Set("CreateUser", VendorErrors.UserData);
            shapes.Set("DeleteUser", VendorErrors.UserData);
        });
        return services;
    }
}
