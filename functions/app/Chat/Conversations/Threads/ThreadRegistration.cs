using Microsoft.Extensions.DependencyInjection;

namespace Vox.Chat.Conversations.Threads;

internal static class ThreadRegistration
{
    public static IServiceCollection AddThreads(this IServiceCollection services) => services.AddSingleton<ThreadService>();
}
