using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Options;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Platform.Telemetry;

namespace Vox.Platform.Limits;

/// <summary>
/// Refuses HTTP requests before any work is done for them: those of an address that sends too many, and everybody's while this process
/// works on as many as it can. A quick refusal keeps the others fast; a queue would make all of them late.
/// </summary>
internal sealed class LimitMiddleware(
    RateLimits limits, ClientAddresses addresses, ErrorResponses responses, IOptions<LimitOptions> options) : IFunctionsWorkerMiddleware
{
    private static readonly VoxException TooMuch =
        new(Errors.Busy, "The service has as much to do as it can take on: try again shortly.");

    private int underWay;

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http || IsHealth(http.Request))
        {
            await next(context);
            return;
        }

        ClientAddress.Current = addresses.Of(http.Request);
        if (ClientAddress.Current.Network is { } network)
        {
            limits.OfAddress(network);
        }

        try
        {
            if (Interlocked.Increment(ref underWay) > options.Value.MaxConcurrentRequests)
            {
                // Not thrown: a refusal must cost next to nothing, especially under this load.
                Instruments.RequestsShed.Add(1);
                http.Response.Headers.RetryAfter = "1";
                context.GetInvocationResult().Value = responses.For(context.FunctionDefinition.Name, TooMuch);
                return;
            }

            await next(context);
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }

    /// <summary>Health checks are never refused: they must be answered even under load.</summary>
    private static bool IsHealth(HttpRequest request) => request.Path.StartsWithSegments("/api/health", StringComparison.OrdinalIgnoreCase);
}
