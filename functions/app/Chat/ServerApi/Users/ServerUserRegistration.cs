using Microsoft.Extensions.DependencyInjection;

namespace Vox.Chat.ServerApi.Users;

internal static class ServerUserRegistration
{
    public static IServiceCollection AddServerUsers(this IServiceCollection services) => services.AddSingleton<ServerUserService>();
}
