using Microsoft.AspNetCore.Http;

namespace Vox.Local.Hosting.Http;

/// <summary>Leads each request to the host's own endpoints or to a function.</summary>
internal sealed class HttpDispatcher(RouteTable routes, HostKeys keys, FunctionRunner runner)
{
    public Task HandleAsync(HttpContext http)
    {
        var path = http.Request.Path;
        if (path.StartsWithSegments("/admin/functions", StringComparison.OrdinalIgnoreCase)
            || path.StartsWithSegments("/admin/host", StringComparison.OrdinalIgnoreCase)
            || path.StartsWithSegments("/runtime", StringComparison.OrdinalIgnoreCase))
        {
            return Answer(http, StatusCodes.Status404NotFound);
        }

        if (routes.Find(http, out var values) is not { } function)
            return Answer(http, StatusCodes.Status404NotFound);
        if (!keys.Allows(function.Http!.AuthLevel, http.Request))
            return Answer(http, StatusCodes.Status401Unauthorized);

        http.Request.RouteValues = values;
        return runner.RunHttpAsync(http, function, values);
    }

    private static Task Answer(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
