using Microsoft.Extensions.DependencyInjection;

namespace Vox.Messages;

public static class MessageRegistration
{
    public static IServiceCollection AddMessages(this IServiceCollection services)
    {
        services.AddOptions<MessageOptions>().BindConfiguration(MessageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<MessageService>();
        return services;
    }
}
