using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vox.Local.Hosting.SignalRBindings;

namespace Vox.Local.Hosting;

/// <summary>Runs functions and does what the host does around the worker: its inputs before, SignalR outputs after.</summary>
internal sealed partial class FunctionRunner(
    FunctionExecutionDelegate pipeline,
    ConnectionInfoInput connectionInfo,
    SignalROutputs outputs,
    IServiceScopeFactory scopes,
    ILogger<FunctionRunner> logger)
{
    public async Task RunHttpAsync(HttpContext http, FunctionDescriptor function, RouteValueDictionary values)
    {
        var invocation = new Invocation(function, http.RequestServices, CancellationToken.None) { Http = http, RouteValues = values };
        try
        {
            connectionInfo.Bind(invocation);
            await pipeline(invocation);
            if (function.HasSignalROutput)
            {
                // What the result has written reaches the client before the push; the response ends after it.
                if (HasUnflushedBytes(http)) await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
                await outputs.SendAsync(invocation);
            }
        }
        catch (Exception e)
        {
            LogFailure(invocation, e);
            if (HasUnflushedBytes(http)) await http.Response.BodyWriter.FlushAsync();
            // Once part of the answer has left, only Kestrel can cut it off: it closes the connection upon an exception.
            if (http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested) throw;
            Fail(http.Response);
        }
    }

    /// <summary>Runs a timer or SignalR function in a scope of its own; its exception is logged and rethrown.</summary>
    public async Task RunAsync(FunctionDescriptor function, object trigger, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var invocation = new Invocation(function, scope.ServiceProvider, cancellation) { Trigger = trigger };
        try
        {
            await pipeline(invocation);
            await outputs.SendAsync(invocation);
        }
        catch (Exception e)
        {
            LogFailure(invocation, e);
            throw;
        }
    }

    private static void Fail(HttpResponse response)
    {
        if (response.HasStarted) return;
        response.Clear();
        response.StatusCode = StatusCodes.Status500InternalServerError;
    }

    private static bool HasUnflushedBytes(HttpContext http) =>
        http.Response.BodyWriter is { CanGetUnflushedBytes: true, UnflushedBytes: > 0 };

    private void LogFailure(Invocation invocation, Exception exception)
    {
        if (exception is OperationCanceledException && invocation.CancellationToken.IsCancellationRequested)
            Cancelled(invocation.Function.Name, invocation.InvocationId);
        else
            Failed(exception, invocation.Function.Name, invocation.InvocationId);
    }

    [LoggerMessage(9010, LogLevel.Error, "Function {Function} failed (invocation {InvocationId})")]
    private partial void Failed(Exception exception, string function, string invocationId);

    [LoggerMessage(9011, LogLevel.Information, "Function {Function} was cancelled (invocation {InvocationId})")]
    private partial void Cancelled(string function, string invocationId);
}
