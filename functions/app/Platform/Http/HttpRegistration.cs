using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Vox.Platform.Http;

internal static class HttpRegistration
{
    /// <summary>
    /// Endpoints answer 413 at their own limit. This one is above the 104,857,600 bytes that the host passes on: when a connection is
    /// closed because of a large body, the host retries ten times and then answers 500.
    /// </summary>
    internal const long MaxPassedBodyBytes = 128 * 1024 * 1024;

    public static IServiceCollection AddHttp(this IServiceCollection services)
    {
        services.AddOptions<HttpOptions>().BindConfiguration(HttpOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RequestBody>();
        services.AddSingleton<ErrorResponses>();

        services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = MaxPassedBodyBytes);
        services.Configure<WorkerOptions>(worker => worker.InputConverters.RegisterAt<CancellationTokenInput>(0));
        return services;
    }
}
