using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Vox.SignalREmulation;

/// <summary>The data plane: checks access and form. Operations are in <see cref="RestSends"/> and <see cref="RestResources"/>.</summary>
internal sealed class RestApi(EmulatedHubs hubs, AccessTokens tokens, SignalRCounters counters, SignalREmulatorOptions options)
{
    private readonly ILogger logger = options.LoggerFactory.CreateLogger<RestApi>();

    /// <summary>For tests: sees every REST call first, and returns true if it has answered the call.</summary>
    public Func<HttpContext, Task<bool>>? Intercept { get; set; }

    public async Task HandleAsync(HttpContext context)
    {
        if (Intercept is { } intercept && await intercept(context))
        {
            return;
        }

        var address = RequestAddress.Of(context.Request);
        if (address.Segments is ["api", "health"] or ["api", "v1", "health"] && context.Request.Method is "HEAD" or "GET")
        {
            return;
        }

        if (RestCall.TryParse(address.Segments) is not { } call)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var presented = AccessTokens.Read(context.Request, alsoFromQuery: false);
        var token = tokens.IsIdentity(presented) ? default : await tokens.ValidateAsync(
            presented, audience => address.IsNamedBy(audience, context.Request.Host.Port ?? context.Connection.LocalPort));
        if (token.Problem is { } problem)
        {
            SignalRLog.Unauthorized(logger, context.Request.Method, context.Request.Path, problem);
            await ServiceError.WriteUnauthorizedAsync(context, problem);
        }
        else if (call.FindProblem(context.Request.Query) is { } malformed)
        {
            await ServiceError.WriteAsync(context, StatusCodes.Status400BadRequest, "BadRequest", malformed);
        }
        else if (HttpMethods.IsPost(context.Request.Method) && call is { IsV1: false, Path: [":generateToken"] })
        {
            await WriteClientTokenAsync(context, call.Hub);
        }
        else if (HttpMethods.IsPost(context.Request.Method))
        {
            await RestSends.HandleAsync(context, hubs.Get(call.Hub), call, counters);
        }
        else
        {
            await RestResources.HandleAsync(context, hubs.Get(call.Hub), call);
        }
    }

    private async Task WriteClientTokenAsync(HttpContext context, string hub)
    {
        var query = context.Request.Query;
        if (!int.TryParse(query["minutesToExpire"].FirstOrDefault("60"), out var minutes) || minutes < 1)
        {
            await ServiceError.WriteAsync(
                context, StatusCodes.Status400BadRequest, "BadRequest", "'minutesToExpire' is not a number of minutes.");
            return;
        }

        var audience = $"{context.Request.Scheme}://{context.Request.Host}/client/?hub={hub.ToLowerInvariant()}";
        await context.Response.WriteAsJsonAsync(
            new { token = tokens.CreateForClient(audience, query["userId"].FirstOrDefault(), TimeSpan.FromMinutes(minutes)) });
    }
}
