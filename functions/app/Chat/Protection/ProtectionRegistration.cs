using Microsoft.Extensions.DependencyInjection;

namespace Vox.Chat.Protection;

internal static class ProtectionRegistration
{
    public static IServiceCollection AddProtection(this IServiceCollection services)
    {
        services.AddSingleton<ErasureStore>();
        services.AddSingleton<ErasureService>();
        services.AddSingleton<ErasureWork>();
        services.AddSingleton<UserErasure>();
        services.AddSingleton<ConversationErasure>();
        services.AddSingleton<HoldService>();
        services.AddSingleton<RetentionWork>();
        services.AddSingleton<RetentionService>();
        return services;
    }
}
