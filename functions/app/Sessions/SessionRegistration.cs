using Microsoft.Extensions.DependencyInjection;
using Vox.Users;

namespace Vox.Sessions;

public static class SessionRegistration
{
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddOptions<SessionOptions>().BindConfiguration(SessionOptions.Section).ValidateDataAnnotations()
            .Validate(IsKeyStrong, "Sessions:SigningKey must be base64 of at least 32 bytes.").ValidateOnStart();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<LiveSessions>();
        services.AddSingleton<SessionService>();
        services.AddSingleton<IUserRemovalStep, SessionRemoval>();
        services.AddSingleton<CallerReader>();
        return services;
    }

    private static bool IsKeyStrong(SessionOptions options)
    {
        var buffer = new byte[1_024];
        return options.SigningKey is not { Length: > 0 } key || (Convert.TryFromBase64String(key, buffer, out var bytes) && bytes >= 32);
    }
}
