using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Vox.Server.AspNetCore;

/// <summary>Receives webhooks.</summary>
public static class VoxWebhookEndpoints
{
    /// <summary>Events have at most 20 KB.</summary>
    private const int MaxBytes = 64 * 1024;

    /// <summary>
    /// Receives webhooks of the endpoint whose secrets are in <see cref="VoxOptions.WebhookSecrets"/>. Answers 204 when the handler is
    /// done, 401 to what is not signed, 413 to what is too large. If the handler throws, the event comes again later. The same event may
    /// come twice.
    /// </summary>
    public static IEndpointConventionBuilder MapVoxWebhook(
        this IEndpointRouteBuilder endpoints, string pattern, Func<VoxEvent, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        RequestDelegate receive = context => ReceiveAsync(context, handler);
        return endpoints.MapPost(pattern, receive);
    }

    private static async Task ReceiveAsync(HttpContext context, Func<VoxEvent, CancellationToken, Task> handler)
    {
        var request = context.Request;
        if (request.ContentLength is not (> 0 and <= MaxBytes))
        {
            context.Response.StatusCode = request.ContentLength > MaxBytes
                ? StatusCodes.Status413PayloadTooLarge
                : StatusCodes.Status400BadRequest;
            return;
        }

        var body = new byte[request.ContentLength.Value];
        await request.Body.ReadExactlyAsync(body, context.RequestAborted).ConfigureAwait(false);
        VoxEvent read;
        try
        {
            var services = context.RequestServices;
            read = VoxWebhooks.Read(
                services.GetRequiredService<IOptions<VoxOptions>>().Value.WebhookSecrets, request.Headers["webhook-id"],
                request.Headers["webhook-timestamp"], request.Headers["webhook-signature"], body,
                services.GetService<TimeProvider>()?.GetUtcNow());
        }
        catch (VoxWebhookException)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        await handler(read, context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
