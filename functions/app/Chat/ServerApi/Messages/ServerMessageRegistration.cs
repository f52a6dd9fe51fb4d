using Microsoft.Extensions.DependencyInjection;

namespace Vox.Chat.ServerApi.Messages;

internal static class ServerMessageRegistration
{
    public static IServiceCollection AddServerMessages(this IServiceCollection services) =>
        services.AddSingleton<ServerMessageService>().AddSingleton<ServerChangeService>();
}
