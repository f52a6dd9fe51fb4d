using Microsoft.Extensions.DependencyInjection;

namespace Vox.Chat.ServerApi.Tokens;

internal static class ServerTokenRegistration
{
    public static IServiceCollection AddServerTokens(this IServiceCollection services) => services.AddSingleton<ServerTokenService>();
}
