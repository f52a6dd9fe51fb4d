using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.Chat.Users;

namespace Vox.Chat.Conversations.Groups;

public static class GroupRegistration
{
    public static IServiceCollection AddGroups(this IServiceCollection services)
    {
        services.AddOptions<GroupOptions>().BindConfiguration(GroupOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<GroupWorkStore>();
        services.AddSingleton<GroupLive>();
        services.AddSingleton<IConnectionStep>(provider => provider.GetRequiredService<GroupLive>());
        services.AddSingleton<GroupChanges>();
        services.AddSingleton<GroupReader>();
        services.AddSingleton<GroupNotifier>();
        services.AddSingleton<GroupMembership>();
        services.AddSingleton<GroupService>();
        services.AddSingleton<GroupTyping>();
        services.AddSingleton<IUserRemovalStep, GroupRemoval>();
        services.AddProjectTables("groupwork");
        return services;
    }
}
