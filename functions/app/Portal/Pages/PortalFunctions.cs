using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Platform.StaticFiles;

namespace Vox.Portal.Pages;

/// <summary>Serves the portal's pages. The function's name sorts last, so that any other function below /portal wins.</summary>
public sealed class PortalFunctions(StaticFileLibrary store)
{
    /// <summary>
    /// Scripts may come only from our own files. Inline styles are allowed because the component library sets sizes and colours that way.
    /// </summary>
    private const string Policy =
        "default-src 'self'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    [Function("ZzPortal")]
    public IActionResult ZzPortal(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "portal/{*path}")] HttpRequest request, string? path)
    {
        // An address without an extension is a route of the app in the page: the app finds the right view by itself.
        var name = path is not { Length: > 0 } || !Path.HasExtension(path) ? "index.html" : path;
        return store.Find("portal/" + name) is { } file ? new StaticFileResult(file, store, Policy) : WireResults.NotFound;
    }
}
