using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Vox.DevHost.Rpc;
using Vox.DevHost.SignalR;

namespace Vox.DevHost.Http;

/// <summary>Passes each request to the host's own endpoints or to a function.</summary>
internal sealed class HttpDispatcher(
    WorkerChannel channel, IConfiguration configuration, HostKeys keys, FunctionRunner runner, AdminApi admin, SignalRWebhook webhook)
{
    /// <summary>The host's limit: no function can read a larger body. The app's own limit should be lower.</summary>
    public const long MaxBodyBytes = 104_857_600;

    // The host removes these, so that no client can tell the worker where it comes from.
    private static readonly string[] Forwarded = ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix"];

    private RouteTable? routes;
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task opening = channel.Functions;
    private volatile bool closed;
    private int running;

    /// <summary>May be read only once the functions are loaded.</summary>
    public RouteTable Routes => routes ??= new RouteTable(
        channel.Functions.Result, LocalSettings.RoutePrefix(Path.Combine(AppContext.BaseDirectory, "host.json")), configuration);

    public async Task HandleAsync(HttpContext http, RequestDelegate worker)
    {
        Interlocked.Increment(ref running);
        try
        {
            if (closed)
            {
                (http.Response.StatusCode, http.Response.Headers.Connection) = (StatusCodes.Status503ServiceUnavailable, "close");
            }
            else
            {
                await LeadAsync(http, worker);
            }
        }
        finally
        {
            if (Interlocked.Decrement(ref running) == 0 && closed)
            {
                drained.TrySetResult();
            }
        }
    }

    /// <summary>Accepts no further requests, and waits for those that are running.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        closed = true;
        if (Volatile.Read(ref running) > 0)
        {
            await drained.Task.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Makes requests for functions wait for this task. Without a call they wait only until the functions are loaded.
    /// </summary>
    public void OpenAfter(Task opening) => this.opening = opening;

    private async Task LeadAsync(HttpContext http, RequestDelegate worker)
    {
        var path = http.Request.Path;
        if (Starts(path, "/admin/functions") || Starts(path, "/admin/host"))
        {
            await AnswerAsync(http, admin.HandleAsync);
        }
        else if (Starts(path, SignalRWebhook.Path))
        {
            await AnswerAsync(http, webhook.HandleAsync);
        }
        else
        {
            await FindAsync(http, worker);
        }
    }

    private async Task FindAsync(HttpContext http, RequestDelegate worker)
    {
        if (!opening.IsCompletedSuccessfully)
        {
            await opening;
        }

        var path = http.Request.Path;
        if (Starts(path, "/runtime") || Routes.Find(http, out var values) is not { } function)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (!keys.Allows(function.Http!.Level, http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        else
        {
            await RunAsync(http, function, values, worker);
        }
    }

    private Task RunAsync(
        HttpContext http, FunctionDescriptor function, Microsoft.AspNetCore.Routing.RouteValueDictionary values, RequestDelegate worker)
    {
        foreach (var header in Forwarded)
        {
            http.Request.Headers.Remove(header);
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit
            && !(limit.MaxRequestBodySize <= MaxBodyBytes))
        {
            limit.MaxRequestBodySize = MaxBodyBytes;
        }

        return runner.RunHttpAsync(http, function, values, worker);
    }

    private static bool Starts(PathString path, string prefix) => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase);

    private static async Task AnswerAsync(HttpContext http, Func<HttpContext, Task<int>> endpoint)
    {
        var status = await endpoint(http);
        if (!http.Response.HasStarted)
        {
            http.Response.StatusCode = status;
        }
    }
}
