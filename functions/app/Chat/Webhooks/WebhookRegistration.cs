using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.ChatLogs;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Events;
using Vox.Chat.Projects;
using Vox.Chat.Protection;
using Vox.Chat.Users;
using Vox.Platform.Queues;

namespace Vox.Chat.Webhooks;

internal static class WebhookRegistration
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<WebhookStore>();
        services.AddSingleton<WebhookService>();
        services.AddSingleton(new AppQueue(WebhookOptions.QueueSetting, WebhookOptions.DefaultQueue, "events of webhooks"));
        services.AddSingleton<WebhookEvents>();
        services.AddSingleton<IProjectEvents>(provider => provider.GetRequiredService<WebhookEvents>());
        services.AddSingleton<WebhookMessages>();
        services.AddSingleton<IStoredMessageStep>(provider => provider.GetRequiredService<WebhookMessages>());
        services.AddSingleton<IStoredChangeStep>(provider => provider.GetRequiredService<WebhookMessages>());
        services.AddSingleton<IUserCreationStep, WebhookUserCreation>();
        services.AddSingleton<IUserRemovalStep, WebhookUserRemoval>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<WebhookDispatch>();
        services.AddSingleton<WebhookHistoryStore>();
        services.AddSingleton<WebhookHistory>();
        services.AddSingleton<IErasureStep>(provider => provider.GetRequiredService<WebhookHistory>());
        services.AddSingleton<IProjectRemovalStep>(provider => provider.GetRequiredService<WebhookHistory>());
        services.AddSingleton<WebhookUpkeep>();
        services.AddSingleton<BeforeSendStore>();
        services.AddSingleton<BeforeSendCounts>();
        services.AddHostedService(provider => provider.GetRequiredService<BeforeSendCounts>());
        services.AddSingleton<BeforeSendService>();
        services.AddSingleton<IBeforeSendStep>(provider => provider.GetRequiredService<BeforeSendService>());
        services.AddProjectTables("webhooks");
        return services;
    }
}
