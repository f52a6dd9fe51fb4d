using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vox.DevHost.Rpc;
using Vox.DevHost.Timers;

namespace Vox.DevHost.Http;

/// <summary>The host's own endpoints: its status, and running a timer now.</summary>
internal sealed class AdminApi(WorkerChannel channel, HostKeys keys, TimerHost timers)
{
    public async Task<int> HandleAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!.Trim('/').Split('/');
        if (Matches(path, "host", "status") && HttpMethods.IsGet(http.Request.Method))
        {
            if (Refusal(http) is { } refused)
            {
                return refused;
            }

            await http.Response.WriteAsJsonAsync(new { state = "Running" }, http.RequestAborted);
            return StatusCodes.Status200OK;
        }

        return path is [_, "functions", var name] && HttpMethods.IsPost(http.Request.Method)
            ? await RunAsync(http, name)
            : StatusCodes.Status404NotFound;
    }

    private async Task<int> RunAsync(HttpContext http, string name)
    {
        if (Refusal(http) is { } refused)
        {
            return refused;
        }

        if (!http.Request.HasJsonContentType())
        {
            return StatusCodes.Status415UnsupportedMediaType;
        }

        if (!await IsJsonObjectAsync(http))
        {
            return StatusCodes.Status400BadRequest;
        }

        var function = (await channel.Functions).FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (function is null)
        {
            return StatusCodes.Status404NotFound;
        }

        // Accepted, not finished: how the function ends is in the log. Triggers other than timers need input, which nobody sends here.
        if (function.Timer is not null)
        {
            timers.RunNow(function);
        }

        return StatusCodes.Status202Accepted;
    }

    private static bool Matches(string[] path, string area, string what) =>
        path is [_, var first, var second]
        && first.Equals(area, StringComparison.OrdinalIgnoreCase)
        && second.Equals(what, StringComparison.OrdinalIgnoreCase);

    private static async Task<bool> IsJsonObjectAsync(HttpContext http)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private int? Refusal(HttpContext http)
    {
        var key = HostKeys.Presented(http.Request);
        return keys.IsMaster(key) ? null : keys.IsKnown(key) ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
    }
}
