using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Users;

namespace Vox.Chat.Conversations;

internal static class ConversationRegistration
{
    public static IServiceCollection AddConversations(this IServiceCollection services)
    {
        services.AddSingleton<ConversationReader>();
        services.AddSingleton<IUserRemovalStep, ConversationRemoval>();
        return services;
    }
}
