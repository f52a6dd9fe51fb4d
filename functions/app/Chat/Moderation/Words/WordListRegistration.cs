using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Conversations.Messages;

namespace Vox.Chat.Moderation.Words;

internal static class WordListRegistration
{
    public static IServiceCollection AddWordLists(this IServiceCollection services)
    {
        services.AddSingleton<WordListStore>();
        services.AddSingleton<WordListService>();
        services.AddSingleton<IWordStep, WordFilter>();
        return services;
    }
}
