using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.ChatLogs;
using Vox.Platform.Queues;

namespace Vox.Chat.Push;

internal static class PushRegistration
{
    public static IServiceCollection AddPush(this IServiceCollection services)
    {
        services.AddOptions<PushOptions>().BindConfiguration(PushOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(new AppQueue(PushOptions.QueueSetting, PushOptions.DefaultQueue, "push messages"));
        services.AddSingleton<VapidKeyStore>();
        services.AddSingleton<VapidKeys>();
        services.AddSingleton<PushEvents>();
        services.AddSingleton<IStoredMessageStep>(provider => provider.GetRequiredService<PushEvents>());
        services.AddSingleton<PushMembers>();
        services.AddSingleton<PushAudience>();
        services.AddSingleton<IPushSender, WebPushSender>();
        services.AddSingleton<IPushSender, FcmSender>();
        services.AddSingleton<IPushSender, ApnsSender>();
        services.AddSingleton<PushCountStore>();
        services.AddSingleton<PushCounts>();
        services.AddHostedService(provider => provider.GetRequiredService<PushCounts>());
        services.AddSingleton<PushDispatch>();
        services.AddSingleton<PushTest>();
        services.AddSingleton<PushReceipts>();
        services.AddSingleton<PushUpkeep>();
        return services;
    }
}
