using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Chat.Vendor;
using Vox.Platform.Http;

namespace Vox.Chat.ChatLogs;

internal static class ChatLogRegistration
{
    public static IServiceCollection AddChatLogs(this IServiceCollection services)
    {
        services.AddOptions<ChatLogOptions>().BindConfiguration(ChatLogOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ChatLogStore>();
        services.AddSingleton<ChatLogMarkStore>();
        services.AddSingleton<ChatLogSortStore>();
        services.AddSingleton<ChatLogRebuild>();
        services.AddSingleton<ChatLogWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<ChatLogWriter>());
        services.AddSingleton<ChatLogReader>();
        services.AddSingleton<ChatLogRepair>();
        services.AddSingleton<ChatLogRetention>();
        services.AddSingleton<IProjectRemovalStep, ChatLogRemoval>();
        services.AddSingleton<ChatLogErasureStore>();
        services.AddSingleton<ChatLogChangeStore>();
        services.Configure<ErrorShapes>(shapes => shapes.Set("GetChatHistory", VendorErrors.Data));
        return services;
    }
}
