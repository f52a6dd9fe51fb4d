using Microsoft.Extensions.DependencyInjection;
using Vox.Users;

namespace Vox.Conversations;

public static class ConversationRegistration
{
    public static IServiceCollection AddConversations(this IServiceCollection services)
    {
        services.AddOptions<ConversationOptions>().BindConfiguration(ConversationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ConversationStore>();
        services.AddSingleton<RecentStore>();
        services.AddSingleton<ConversationCommit>();
        services.AddSingleton<ConversationWriter>();
        services.AddSingleton<ConversationReader>();
        services.AddSingleton<IUserRemovalStep, ConversationRemoval>();
        return services;
    }
}
