using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.ChatLogs;
using Vox.Chat.Contacts;
using Vox.Chat.Projects;

namespace Vox.Chat.Conversations.Storage;

internal static class ConversationStorageRegistration
{
    public static IServiceCollection AddConversationStorage(this IServiceCollection services)
    {
        services.AddOptions<ConversationOptions>().BindConfiguration(ConversationOptions.Section).ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<ConversationStore>();
        services.AddSingleton<ChangeStore>();
        services.AddSingleton<ChangeErasureStore>();
        services.AddSingleton<ChangeFollowUp>();
        services.AddSingleton<IChangedConversations>(provider => provider.GetRequiredService<ChangeFollowUp>());
        services.AddSingleton<ILoggedConversations>(provider => provider.GetRequiredService<ConversationStore>());
        services.AddSingleton<ConversationErasureStore>();
        services.AddSingleton<ConversationHolds>();
        services.AddSingleton<ConversationScanStore>();
        services.AddSingleton<ConversationSearchStore>();
        services.AddSingleton<ConversationTips>();
        services.AddSingleton<RecentStore>();
        services.AddSingleton<AudienceStore>();
        services.AddSingleton<AudienceCheckStore>();
        services.AddSingleton<GroupStore>();
        services.AddSingleton<QuoteStore>();
        services.AddSingleton<ThreadStore>();
        services.AddSingleton<PersonalStateStore>();
        services.AddSingleton<ConversationStart>();
        services.AddSingleton<ConversationCheckStore>();
        services.AddSingleton<ConversationCommit>();
        services.AddSingleton<ConversationWriter>();
        services.AddSingleton<IBlockStep, ConversationBlocks>();
        services.AddProjectTables("recents", "conversations", "audience");
        return services;
    }
}
