using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Vox.DevHost.Http;
using Vox.DevHost.Rpc;
using Vox.DevHost.SignalR;

namespace Vox.DevHost;

/// <summary>Has the worker run functions, and does the host's part around that: its inputs before, SignalR outputs after.</summary>
internal sealed partial class FunctionRunner(
    WorkerChannel channel, ConnectionInfoInput connectionInfo, SignalROutputs outputs, ILogger<FunctionRunner> logger)
{
    /// <summary>The header by which the worker finds the request that belongs to an invocation.</summary>
    public const string InvocationHeader = "x-ms-invocation-id";

    /// <param name="worker">Lets the worker's web server handle the request: its pipeline in this process, or a proxy to it.</param>
    public async Task RunHttpAsync(HttpContext http, FunctionDescriptor function, RouteValueDictionary values, RequestDelegate worker)
    {
        var request = NewRequest(function, new TypedData { Http = new RpcHttp() });
        try
        {
            connectionInfo.Bind(function, http.Request, request);
            await TriggerMetadata.AddAsync(request, http, values);
            // Set, not added: with a value from the client, the worker would wait for an invocation that nobody sends.
            http.Request.Headers[InvocationHeader] = request.InvocationId;
            var invocation = channel.InvokeAsync(request, http.RequestAborted);
            await worker(http);
            var response = await invocation;
            ThrowIfFailed(function, response);
            if (function.Outputs.Length > 0)
            {
                // The result that was written reaches the client before the push. The response ends after the push.
                if (HasUnflushedBytes(http))
                {
                    await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
                }

                await outputs.SendAsync(function, response, http.RequestAborted);
            }
        }
        catch (BadHttpRequestException e)
        {
            // The body could not be read when it was searched for parameter names. That is the client's fault, and no function has run.
            Fail(http, e.StatusCode);
        }
        catch (Exception e)
        {
            LogFailure(function, request, e, http.RequestAborted);
            Fail(http, StatusCodes.Status500InternalServerError);
        }
    }

    /// <summary>Runs a function that has no request; its failure is logged and thrown.</summary>
    public async Task RunAsync(
        FunctionDescriptor function, TypedData trigger, CancellationToken cancellation,
        IEnumerable<KeyValuePair<string, TypedData>>? metadata = null)
    {
        var request = NewRequest(function, trigger);
        foreach (var (name, value) in metadata ?? [])
        {
            request.TriggerMetadata[name] = value;
        }

        try
        {
            var response = await channel.InvokeAsync(request, cancellation);
            ThrowIfFailed(function, response);
            await outputs.SendAsync(function, response, cancellation);
        }
        catch (Exception e)
        {
            LogFailure(function, request, e, cancellation);
            throw;
        }
    }

    private static InvocationRequest NewRequest(FunctionDescriptor function, TypedData trigger) => new()
    {
        InvocationId = InvocationIds.Next(),
        FunctionId = function.Id,
        InputData = { new ParameterBinding { Name = function.ParameterName, Data = trigger } },
        TraceContext = new RpcTraceContext
        {
            TraceParent = Activity.Current?.Id ?? "",
            TraceState = Activity.Current?.TraceStateString ?? ""
        },
    };

    private static void ThrowIfFailed(FunctionDescriptor function, InvocationResponse response)
    {
        if (response.Result?.Status != StatusResult.Types.Status.Success)
        {
            throw new FunctionFailedException(function.Name, response.Result);
        }
    }

    // Answers with an empty body. If part of another answer has already left, the connection is cut instead.
    private static void Fail(HttpContext http, int status)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        http.Response.StatusCode = status;
    }

    private static bool HasUnflushedBytes(HttpContext http) =>
        http.Response.BodyWriter is { CanGetUnflushedBytes: true, UnflushedBytes: > 0 };

    private void LogFailure(FunctionDescriptor function, InvocationRequest request, Exception exception, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            Cancelled(function.Name, request.InvocationId);
        }
        else
        {
            Failed(exception, function.Name, request.InvocationId);
        }
    }

    [LoggerMessage(9010, LogLevel.Error, "Function {Function} failed (invocation {InvocationId})")]
    private partial void Failed(Exception exception, string function, string invocationId);

    [LoggerMessage(9011, LogLevel.Information, "Function {Function} was cancelled (invocation {InvocationId})")]
    private partial void Cancelled(string function, string invocationId);
}
