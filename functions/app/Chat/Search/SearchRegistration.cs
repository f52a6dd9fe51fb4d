using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.ChatLogs;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Projects;

namespace Vox.Chat.Search;

internal static class SearchRegistration
{
    public static IServiceCollection AddSearch(this IServiceCollection services)
    {
        services.AddSingleton<SearchIndexStore>();
        services.AddSingleton<SearchCompaction>();
        services.AddSingleton<SearchIndexer>();
        services.AddSingleton<IStoredMessageStep>(provider => provider.GetRequiredService<SearchIndexer>());
        services.AddSingleton<IStoredChangeStep>(provider => provider.GetRequiredService<SearchIndexer>());
        services.AddSingleton<IErasedMessagesStep>(provider => provider.GetRequiredService<SearchIndexer>());
        services.AddSingleton<SearchBuildStore>();
        services.AddSingleton<IProjectRemovalStep>(provider => provider.GetRequiredService<SearchBuildStore>());
        services.AddSingleton<SearchBuilds>();
        services.AddSingleton<SearchViews>();
        services.AddSingleton<SearchService>();
        services.AddProjectTables("searchindex");
        return services;
    }
}
