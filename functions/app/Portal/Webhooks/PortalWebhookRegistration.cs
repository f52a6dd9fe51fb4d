using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Webhooks;

namespace Vox.Portal.Webhooks;

internal static class PortalWebhookRegistration
{
    public static IServiceCollection AddPortalWebhooks(this IServiceCollection services)
    {
        services.AddSingleton<PortalWebhookService>();
        services.AddSingleton<PortalBeforeSendService>();
        services.AddSingleton<IWebhookDisabledStep, WebhookDisabledMail>();
        return services;
    }
}
