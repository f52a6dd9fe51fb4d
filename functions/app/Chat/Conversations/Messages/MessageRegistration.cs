using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Vendor;
using Vox.Platform.Http;

namespace Vox.Chat.Conversations.Messages;

internal static class MessageRegistration
{
    public static IServiceCollection AddMessages(this IServiceCollection services)
    {
        services.AddOptions<MessageOptions>().BindConfiguration(MessageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SentTexts>();
        services.AddSingleton<MessageService>();
        services.AddSingleton<MessageReader>();
        services.AddSingleton<ForwardReader>();
        services.AddSingleton<OwnReactions>();
        services.AddSingleton<TypingLimits>();
        services.Configure<ErrorShapes>(shapes =>
        {
            shapes.Set("SendChat", VendorErrors.Status);
            shapes.Set("SendChatUnderApi", VendorErrors.Status);
        });
        return services;
    }
}
