using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Chat.Files;

/// <summary>Tells clients and browsers where files are.</summary>
public sealed class MediaFunctions(CallerReader callers, MediaService media, MediaPrefixes prefixes, IOptions<FilesOptions> options)
{
    [Function("GetMediaPrefix")]
    [ApiOperation("Files", "Prefix of the caller's media addresses: prefix + key works in an img element",
        Response = typeof(MediaPrefixResponse))]
    public async Task<IActionResult> GetMediaPrefix(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/media/prefix")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await callers.ReadAsync(request, cancellationToken);
        var path = await prefixes.PathAsync(caller.Identity, cancellationToken);
        return WireResults.Json(new MediaPrefixResponse(Base(request) + path, path), FileJson.Wire.MediaPrefixResponse);
    }

    /// <summary>
    /// Redirects browsers to the storage, which supports ranges and serves from its own origin. Anything in the query, such as the
    /// <c>?time</c> that apps append, is not part of the address.
    /// </summary>
    [Function("GetMedia")]
    public async Task<IActionResult> GetMedia(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "media/{projectId}/{token}/{key}")] HttpRequest request,
        string projectId, string token, string key, CancellationToken cancellationToken)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";

        var (target, lifetime) = await media.ResolveAsync(projectId, token, key, cancellationToken);

        // Browsers forget the redirect well before its target expires.
        var seconds = (long)(lifetime.TotalSeconds / 2);
        headers.CacheControl = "private, max-age=" + seconds.ToString(CultureInfo.InvariantCulture);
        return WireResults.Redirect(target.AbsoluteUri);
    }

    // Behind its host, a function always sees the scheme http. Only on a developer's machine is that the real one.
    private string Base(HttpRequest request) => options.Value.MediaBase is { } configured
        ? configured.AbsoluteUri.TrimEnd('/')
        : $"{(request.Host.Host is "localhost" or "127.0.0.1" or "[::1]" ? "http" : "https")}://{request.Host.Value}";
}
