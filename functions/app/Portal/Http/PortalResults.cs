using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Vox.Platform.Http;

namespace Vox.Portal.Http;

internal static class PortalResults
{
    /// <summary>200 with JSON that no cache keeps: it is one person's.</summary>
    public static IActionResult Json<T>(HttpRequest request, T body, JsonTypeInfo<T> type)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return WireResults.Json(body, type);
    }

    /// <summary>The place to continue at, as a former answer named it; a made-up one finds the wrong place, nothing worse.</summary>
    public static string? After(HttpRequest request) =>
        request.Query["after"].ToString() is { Length: > 0 and <= 512 } after ? after : null;

    /// <summary>A file to save.</summary>
    /// <param name="name">One that needs no quotes.</param>
    public static IActionResult Download(HttpRequest request, byte[] content, string contentType, string name)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentDisposition = $"attachment; filename={name}";
        return WireResults.Bytes(content, contentType);
    }
}
