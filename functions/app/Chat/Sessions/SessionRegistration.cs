using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Chat.Users;

namespace Vox.Chat.Sessions;

internal static class SessionRegistration
{
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddOptions<SessionOptions>().BindConfiguration(SessionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SignedClaims>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<LoginTokens>();
        services.AddSingleton<ILoginTokenKind>(provider => provider.GetRequiredService<LoginTokens>());
        services.AddSingleton<LoginProofs>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<LiveSessions>();
        services.AddSingleton<SessionEnding>();
        services.AddSingleton<SessionService>();
        services.AddSingleton<IUserRemovalStep>(provider => provider.GetRequiredService<SessionEnding>());
        services.AddSingleton<CallerReader>();
        services.AddProjectTables("sessions");
        return services;
    }
}
