using Microsoft.Extensions.DependencyInjection;

namespace Vox.Chat.ServerApi.Search;

internal static class ServerSearchRegistration
{
    public static IServiceCollection AddServerSearch(this IServiceCollection services) => services.AddSingleton<ServerSearchService>();
}
