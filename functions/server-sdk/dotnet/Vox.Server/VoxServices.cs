using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Vox.Server;

/// <summary>Registers the client.</summary>
public static class VoxServices
{
    /// <summary>
    /// Registers <see cref="VoxClient"/> with an HttpClient of the factory. The builder that it returns adds handlers and time-outs.
    /// </summary>
    /// <example><code>services.AddVox(builder.Configuration.GetSection("Vox").Bind);</code></example>
    public static IHttpClientBuilder AddVox(this IServiceCollection services, Action<VoxOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<VoxOptions>().Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        return services.AddHttpClient<VoxClient>().AddTypedClient((http, provider) => new VoxClient(
            http, provider.GetRequiredService<IOptions<VoxOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
    }
}
