using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Net.Http.Headers;
using Vox.Http;

namespace Vox.Portal;

/// <summary>Serves the portal's pages. Named to come last: any other function below /portal wins.</summary>
public sealed class PortalFunctions(PortalPages pages)
{
    /// <summary>Scripts only from our own files. Styles inline: the component library sets sizes and colours that way.</summary>
    private const string Policy =
        "default-src 'self'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    [Function("ZzPortal")]
    public IActionResult ZzPortal(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "portal/{*path}")] HttpRequest request, string? path)
    {
        var page = pages.Find(path) ?? throw new VoxException(Errors.NotFound, "There is nothing at this address.");
        var headers = request.HttpContext.Response.Headers;
        headers.ETag = page.ETag;
        headers.CacheControl = page.IsHashed ? "public, max-age=31536000, immutable" : "no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = Policy;
        if (EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
            && known.Any(tag => tag.Tag == page.ETag || tag.Equals(EntityTagHeaderValue.Any)))
        {
            return new StatusCodeResult(StatusCodes.Status304NotModified);
        }

        return new FileContentResult(page.Content, page.ContentType);
    }
}
