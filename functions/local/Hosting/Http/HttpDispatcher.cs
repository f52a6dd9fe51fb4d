using Microsoft.AspNetCore.Http;
using Vox.Local.Hosting.SignalRBindings;

namespace Vox.Local.Hosting.Http;

/// <summary>Leads each request to the host's own endpoints or to a function.</summary>
internal sealed class HttpDispatcher(RouteTable routes, HostKeys keys, FunctionRunner runner, AdminApi admin, SignalRWebhook webhook)
{
    public Task HandleAsync(HttpContext http)
    {
        var path = http.Request.Path;
        if (Starts(path, "/admin/functions") || Starts(path, "/admin/host")) return AnswerAsync(http, admin.HandleAsync);
        if (Starts(path, SignalRWebhook.Path)) return AnswerAsync(http, webhook.HandleAsync);
        if (Starts(path, "/runtime") || routes.Find(http, out var values) is not { } function)
            return Answer(http, StatusCodes.Status404NotFound);
        if (!keys.Allows(function.Http!.AuthLevel, http.Request)) return Answer(http, StatusCodes.Status401Unauthorized);

        http.Request.RouteValues = values;
        return runner.RunHttpAsync(http, function, values);
    }

    private static bool Starts(PathString path, string prefix) => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase);

    private static async Task AnswerAsync(HttpContext http, Func<HttpContext, Task<int>> endpoint)
    {
        var status = await endpoint(http);
        if (!http.Response.HasStarted) http.Response.StatusCode = status;
    }

    private static Task Answer(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
