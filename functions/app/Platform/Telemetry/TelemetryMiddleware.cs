using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Vox.Platform.Telemetry;

/// <summary>A span and a duration for each function, as part of the caller's trace if the caller sent one.</summary>
/// <remarks>
/// It is the one record of the request: host.json keeps the host from writing its own, which cannot be sampled without losing failures.
/// </remarks>
internal sealed class TelemetryMiddleware : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        Instruments.Source.HasListeners() || Instruments.FunctionDuration.Enabled ? ObserveAsync(context, next) : next(context);

    private async Task ObserveAsync(FunctionContext context, FunctionExecutionDelegate next)
    {
        var function = context.FunctionDefinition.Name;
        var http = context.GetHttpContext();
        var began = Stopwatch.GetTimestamp();
        using var activity = Instruments.Source.StartActivity(
            function, http is null ? ActivityKind.Internal : ActivityKind.Server, Parent(context, http));
        activity?.SetTag("faas.name", function);
        activity?.SetTag("faas.invocation_id", context.InvocationId);
        activity?.SetTag("http.request.method", http?.Request.Method);
        var failed = true;
        try
        {
            await next(context);
            failed = false;
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            throw;
        }
        finally
        {
            // The result runs after the middleware, so an error's status is known from the result, not yet from the response.
            var status = context.GetInvocationResult().Value
                is Microsoft.AspNetCore.Mvc.Infrastructure.IStatusCodeActionResult { StatusCode: { } code }
                ? code
                : failed ? 500 : 200;
            if (http is not null)
            {
                activity?.SetTag("http.response.status_code", status);
                if (status >= 500)
                {
                    activity?.SetStatus(ActivityStatusCode.Error);
                }
            }

            Instruments.FunctionDuration.Record(
                Stopwatch.GetElapsedTime(began).TotalSeconds,
                new KeyValuePair<string, object?>("function", function),
                new KeyValuePair<string, object?>("status", status));
        }
    }

    private static ActivityContext Parent(FunctionContext context, HttpContext? http)
    {
        // Not Activity.Current: that is the web server's own, which is not exported.
        var parent = http is null ? context.TraceContext.TraceParent : http.Request.Headers.TraceParent.ToString();
        var state = http?.Request.Headers.TraceState.ToString();
        return ActivityContext.TryParse(parent, state, isRemote: true, out var remote) ? remote : Activity.Current?.Context ?? default;
    }
}
