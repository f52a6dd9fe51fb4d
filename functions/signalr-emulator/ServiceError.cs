using Microsoft.AspNetCore.Http;

namespace Vox.SignalREmulation;

internal static class ServiceError
{
    public static Task WriteAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { code, message });
    }

    public static Task WriteUnauthorizedAsync(HttpContext context, string problem)
    {
        context.Response.Headers.WWWAuthenticate = $"Bearer error=\"invalid_token\", error_description=\"{problem}\"";
        return WriteAsync(context, StatusCodes.Status401Unauthorized, "Unauthorized", problem);
    }

    /// <summary>The answer to HEAD has no body: the SDK tells the codes apart by the header.</summary>
    public static Task WriteNotFoundAsync(HttpContext context, string code)
    {
        context.Response.Headers["x-ms-error-code"] = code;
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsJsonAsync(new { code });
    }
}
