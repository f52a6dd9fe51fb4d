using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Vox.Platform.StaticFiles;

/// <summary>One file, in an encoding that the client accepts, or 304 if the client has it already.</summary>
/// <param name="file">What to send.</param>
/// <param name="store">Where it is read from.</param>
/// <param name="policy">A page's content security policy, if it is not the demo's. Browsers revalidate such a page each time.</param>
internal sealed class StaticFileResult(StaticFile file, StaticFileLibrary store, string? policy = null) : IActionResult
{
    /// <summary>
    /// Scripts, styles and connections of the page's own origin. Live connections go to the SignalR service and files to the storage,
    /// wherever those are; with a local start they are on this machine.
    /// </summary>
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: https: http://localhost:* http://127.0.0.1:*; "
        + "media-src 'self' blob: https: http://localhost:* http://127.0.0.1:*; font-src 'self'; "
        + "connect-src 'self' https: wss: http://localhost:* ws://localhost:* http://127.0.0.1:* ws://127.0.0.1:*; "
        + "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var request = context.HttpContext.Request;
        var response = context.HttpContext.Response;
        var encoding = Choose(request);
        response.Headers.ETag = encoding.Tag;
        response.Headers.CacheControl = file.IsHashed ? "public, max-age=31536000, immutable"
            : policy is not null ? "no-cache" : "public, max-age=300, must-revalidate";
        response.Headers.Append("Vary", "Accept-Encoding");
        response.Headers.XContentTypeOptions = "nosniff";
        // Cross-origin isolated pages of other sites can load the SDK only with this header.
        response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (file.IsPage)
        {
            response.Headers.ContentSecurityPolicy = policy ?? PagePolicy;
            response.Headers["Referrer-Policy"] = "no-referrer";
        }

        if (IsKnown(request, encoding))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = file.ContentType;
        response.ContentLength = encoding.Length;
        if (encoding.Name.Length > 0)
        {
            response.Headers.ContentEncoding = encoding.Name;
        }

        if (!HttpMethods.IsHead(request.Method))
        {
            await response.Body.WriteAsync(store.Read(encoding), context.HttpContext.RequestAborted);
        }
    }

    private StaticEncoding Choose(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        return file.Encodings.First(encoding => encoding.Name.Length == 0
            || accepted.Any(a => (a.Value == encoding.Name || a.Value == "*") && a.Quality is not 0));
    }

    private static bool IsKnown(HttpRequest request, StaticEncoding encoding) =>
        request.GetTypedHeaders().IfNoneMatch.Any(tag =>
            tag.Equals(EntityTagHeaderValue.Any) || tag.Tag.Equals(encoding.Tag, StringComparison.Ordinal));
}
