using Microsoft.Extensions.DependencyInjection;

namespace Vox.Chat.ServerApi.Webhooks;

internal static class ServerWebhookRegistration
{
    public static IServiceCollection AddServerWebhooks(this IServiceCollection services) =>
        services.AddSingleton<ServerWebhookService>().AddSingleton<ServerBeforeSendService>();
}
