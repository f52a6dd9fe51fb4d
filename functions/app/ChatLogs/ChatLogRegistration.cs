using Microsoft.Extensions.DependencyInjection;

namespace Vox.ChatLogs;

public static class ChatLogRegistration
{
    public static IServiceCollection AddChatLogs(this IServiceCollection services)
    {
        services.AddOptions<ChatLogOptions>().BindConfiguration(ChatLogOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ChatLogStore>();
        services.AddSingleton<ChatLogMarks>();
        services.AddSingleton<ChatLogWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<ChatLogWriter>());
        services.AddSingleton<ChatLogReader>();
        services.AddSingleton<ChatLogRepair>();
        return services;
    }
}
