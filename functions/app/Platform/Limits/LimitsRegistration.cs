using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace Vox.Platform.Limits;

internal static class LimitsRegistration
{
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ClientAddresses>();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<SharedCountStore>();
        services.AddSingleton<SharedCounts>();
        services.AddSingleton<PasswordGuesses>();

        // The worker's own handling would take the last address out of X-Forwarded-For, and what is left is what the client sent.
        // ClientAddresses reads the header as it arrived.
        services.PostConfigure<ForwardedHeadersOptions>(o => o.ForwardedHeaders &= ~ForwardedHeaders.XForwardedFor);
        return services;
    }
}
