using Microsoft.Extensions.DependencyInjection;

namespace Vox.Chat.ServerApi.Groups;

internal static class ServerGroupRegistration
{
    public static IServiceCollection AddServerGroups(this IServiceCollection services) => services
        .AddSingleton<ServerGroupService>().AddSingleton<ServerGroupMembers>();
}
