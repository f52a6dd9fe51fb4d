using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Vox.Platform.Http;

namespace Vox.Portal.Http;

internal static class PortalResults
{
    /// <summary>200 with JSON. No cache may keep it, because it is meant for one person only.</summary>
    public static IActionResult Json<T>(HttpRequest request, T body, JsonTypeInfo<T> type)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return WireResults.Json(body, type);
    }

    /// <summary>The place to continue at, as an earlier answer gave it. A made-up value leads to a wrong place, and does no harm.</summary>
    public static string? After(HttpRequest request) =>
        request.Query["after"].ToString() is { Length: > 0 and <= 512 } after ? after : null;

    /// <summary>A file that the browser saves.</summary>
    /// <param name="name">The name of the file; it must not need quotes.</param>
    public static IActionResult Download(HttpRequest request, byte[] content, string contentType, string name)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentDisposition = $"attachment; filename={name}";
        return WireResults.Bytes(content, contentType);
    }
}
