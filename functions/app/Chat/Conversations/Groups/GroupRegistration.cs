using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.Chat.Users;

namespace Vox.Chat.Conversations.Groups;

internal static class GroupRegistration
{
    public static IServiceCollection AddGroups(this IServiceCollection services)
    {
        services.AddOptions<GroupOptions>().BindConfiguration(GroupOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<GroupWorkStore>();
        services.AddSingleton<LiveMembership>();
        services.AddSingleton<GroupRejoin>();
        services.AddSingleton<IConnectionStep>(provider => provider.GetRequiredService<GroupRejoin>());
        services.AddSingleton<GroupLive>();
        services.AddSingleton<GroupReconciler>();
        services.AddSingleton<DelayedJoins>();
        services.AddSingleton<GroupChanges>();
        services.AddSingleton<GroupReader>();
        services.AddSingleton<GroupServerEvents>();
        services.AddSingleton<GroupNotifier>();
        services.AddSingleton<GroupAdmission>();
        services.AddSingleton<AudienceAdmission>();
        services.AddSingleton<AudienceLive>();
        services.AddSingleton<AudienceLeaving>();
        services.AddSingleton<AudienceService>();
        services.AddSingleton<GroupMemberReader>();
        services.AddSingleton<GroupMembership>();
        services.AddSingleton<GroupRoles>();
        services.AddSingleton<GroupBulk>();
        services.AddSingleton<GroupBans>();
        services.AddSingleton<GroupService>();
        services.AddSingleton<GroupTyping>();
        services.AddSingleton<IUserRemovalStep, GroupRemoval>();
        services.AddProjectTables("groupwork");
        return services;
    }
}
