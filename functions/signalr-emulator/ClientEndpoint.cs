using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Vox.SignalREmulation;

/// <summary>Checks a client's hub name and access token before it can negotiate or connect.</summary>
internal sealed class ClientEndpoint(AccessTokens tokens, ClientHandler handler, SignalREmulatorOptions options)
{
    private readonly ILogger logger = options.LoggerFactory.CreateLogger<ClientEndpoint>();

    public static string HubOf(HttpRequest request) => request.Query["hub"].ToString().ToLowerInvariant();

    /// <summary>What the client added to its address, without the two secrets in it, which are not for the app.</summary>
    public static string QueryForUpstream(HttpRequest request)
    {
        var query = new QueryBuilder(request.Query.Where(pair => pair.Key is not ("access_token" or "id"))
            .SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value ?? "")));
        return query.ToString();
    }

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments("/client", StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }
        var hub = HubOf(context.Request);
        if (!SignalRLimits.IsHubName(hub))
        {
            await ServiceError.WriteAsync(
                context, StatusCodes.Status400BadRequest, "InvalidHub", "The query parameter 'hub' is not a hub name.");
            return;
        }
        var token = await tokens.ValidateAsync(
            AccessTokens.Read(context.Request, alsoFromQuery: true),
            audience => RequestAddress.IsClientAudience(audience, hub, context.Request.Host.Port ?? context.Connection.LocalPort),
            checkLifetime: !handler.IsOpen(context.Request.Query["id"].ToString()));
        if (token.Token is null)
        {
            SignalRLog.Unauthorized(logger, context.Request.Method, context.Request.Path, token.Problem!);
            await ServiceError.WriteUnauthorizedAsync(context, token.Problem!);
            return;
        }
        context.User = new ClientPrincipal(token.Token);
        await next(context);
    }
}
