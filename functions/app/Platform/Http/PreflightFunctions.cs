using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace Vox.Platform.Http;

/// <summary>
/// Answers the browsers' preflight for every route. Its name puts it last: among matching routes the first function by name wins.
/// The platform's own CORS must be off.
/// </summary>
public sealed class PreflightFunctions(IOptions<HttpOptions> options)
{
    [Function("ZzPreflight")]
    public IActionResult ZzPreflight(
        [HttpTrigger(AuthorizationLevel.Anonymous, "options", Route = "{*path}")] HttpRequest request)
    {
        // Origin and credentials come from the middleware, as on every other answer.
        if (request.Headers.Origin.Count > 0 && CorsMiddleware.IsOpen(request.Path))
        {
            var headers = request.HttpContext.Response.Headers;
            headers.AccessControlAllowMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";
            headers.AccessControlAllowHeaders = Requested(request);
            headers.AccessControlMaxAge = options.Value.PreflightSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            headers.Append("Vary", "Access-Control-Request-Headers");
        }

        return WireResults.NoContent;
    }

    /// <summary>
    /// The headers that are asked for, as long as they are a list of header names: tokens travel in headers, and clients add their own.
    /// </summary>
    private static string Requested(HttpRequest request)
    {
        var asked = request.Headers.AccessControlRequestHeaders.ToString();
        return asked.Length is > 0 and <= 1_024 && asked.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ',' or ' ')
            ? asked
            : "authorization, content-type, idempotency-key, x-requested-with, x-signalr-user-agent";
    }
}
