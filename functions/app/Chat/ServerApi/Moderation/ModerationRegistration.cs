using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Chat.Users;

namespace Vox.Chat.ServerApi.Moderation;

internal static class ModerationRegistration
{
    public static IServiceCollection AddServerModeration(this IServiceCollection services)
    {
        services.AddSingleton<ModerationStore>();
        services.AddSingleton<ModerationService>();
        services.AddSingleton<GroupBanService>();
        services.AddSingleton<FlagQueue>();
        services.AddSingleton<IUserRemovalStep, ModerationRemoval>();
        services.AddProjectTables("moderation");
        return services;
    }
}
