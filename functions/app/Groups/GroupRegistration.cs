using Microsoft.Extensions.DependencyInjection;
using Vox.Users;

namespace Vox.Groups;

public static class GroupRegistration
{
    public static IServiceCollection AddGroups(this IServiceCollection services)
    {
        services.AddOptions<GroupOptions>().BindConfiguration(GroupOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<GroupStore>();
        services.AddSingleton<GroupWorkStore>();
        services.AddSingleton<GroupLive>();
        services.AddSingleton<GroupChanges>();
        services.AddSingleton<GroupReader>();
        services.AddSingleton<GroupNotifier>();
        services.AddSingleton<GroupMembership>();
        services.AddSingleton<GroupService>();
        services.AddSingleton<GroupReceiptService>();
        services.AddSingleton<GroupTyping>();
        services.AddSingleton<IUserRemovalStep, GroupRemoval>();
        return services;
    }
}
