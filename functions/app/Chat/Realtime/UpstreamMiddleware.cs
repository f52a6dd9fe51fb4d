using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Vox.Chat.Realtime;

/// <summary>
/// Refuses events that do not come from the SignalR service, for every function with a SignalR trigger, where the settings name the
/// service's identity.
/// </summary>
internal sealed partial class UpstreamMiddleware : IFunctionsWorkerMiddleware
{
    private readonly UpstreamTokens tokens;
    private readonly ILogger<UpstreamMiddleware> logger;

    public UpstreamMiddleware(UpstreamTokens tokens, SignalRConnections connections, ILogger<UpstreamMiddleware> logger)
    {
        (this.tokens, this.logger) = (tokens, logger);
        if (!tokens.IsConfigured && connections.All.Values.Any(connection => connection.AccessKey is null))
        {
            NotChecked();
        }
    }

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        // The service calls the host, so these invocations have no HttpContext.
        if (tokens.IsConfigured && context.GetHttpContext() is null
            && context.FunctionDefinition.InputBindings.Values
                .FirstOrDefault(binding => binding.Type.Equals("signalRTrigger", StringComparison.OrdinalIgnoreCase)) is { } trigger)
        {
            var received = (await context.BindInputAsync<SignalRInvocationContext>(trigger)).Value;
            var authorization = received?.Headers?
                .FirstOrDefault(header => header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase)).Value;
            if (!await tokens.IsServiceAsync(authorization?.ToString()))
            {
                Refused(context.FunctionDefinition.Name);
                throw new UnauthorizedAccessException("The event has no token of the SignalR service's identity.");
            }
        }

        await next(context);
    }

    [LoggerMessage(3020, LogLevel.Warning, "{Function} refused an event without a token of the SignalR service's identity")]
    private partial void Refused(string function);

    [LoggerMessage(
        3021, LogLevel.Warning,
        "Whoever knows the key in the SignalR service's upstream address can make up events: set Realtime__UpstreamIdentity, "
        + "Realtime__UpstreamTenant and Realtime__UpstreamAudience")]
    private partial void NotChecked();
}
