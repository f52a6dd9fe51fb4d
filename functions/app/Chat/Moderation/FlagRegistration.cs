using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Protection;
using Vox.Chat.Users;

namespace Vox.Chat.Moderation;

internal static class FlagRegistration
{
    public static IServiceCollection AddFlags(this IServiceCollection services)
    {
        services.AddSingleton<FlagStore>();
        services.AddSingleton<FlagService>();
        services.AddSingleton<IErasureStep, FlagErasure>();
        services.AddSingleton<IMessageRetentionStep, FlagRetention>();
        services.AddSingleton<IUserRemovalStep, FlagRemoval>();
        return services;
    }
}
