using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Vox.Platform.Http;

/// <summary>
/// Lets pages of other origins read our answers, because customers embed the SDK on their own sites. Which origins a project allows is
/// checked where the project is known (<see cref="CallerReader"/>); a page of any other origin can read the refusal and nothing else.
/// The portal is never open to other origins, because it works with cookies. Nor is the server API: a page that could use it would show
/// its API key to everybody.
/// </summary>
internal sealed class CorsMiddleware : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http && http.Request.Headers.Origin.ToString() is { Length: > 0 } origin
            && IsOpen(http.Request.Path) && IsPlain(origin))
        {
            var headers = http.Response.Headers;
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = "Retry-After, ETag, Content-Disposition";
            headers.Append("Vary", "Origin");
            if (AllowsCredentials(http.Request.Path))
            {
                headers.AccessControlAllowCredentials = "true";
            }
        }

        return next(context);
    }

    /// <summary>Printable ASCII, as every browser sends. Anything else could not be sent back in a header.</summary>
    private static bool IsPlain(string origin) => origin.All(static c => c is > ' ' and <= '~');

    public static bool IsOpen(PathString path) =>
        !path.StartsWithSegments("/api/portal", StringComparison.OrdinalIgnoreCase)
        && !path.StartsWithSegments("/api/server", StringComparison.OrdinalIgnoreCase)
        && !path.StartsWithSegments("/portal", StringComparison.OrdinalIgnoreCase)
        && !path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase)
        && !path.StartsWithSegments("/runtime", StringComparison.OrdinalIgnoreCase);

    /// <summary>SignalR clients in browsers ask for credentials by default. There is no cookie that this could let through.</summary>
    public static bool AllowsCredentials(PathString path) =>
        path.StartsWithSegments("/api/v1/realtime", StringComparison.OrdinalIgnoreCase);
}
