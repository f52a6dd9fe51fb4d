using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Vox.Platform.Http;

/// <summary>
/// Everything that functions answer with. Not ASP.NET's own results: after a result has run, the worker also sends its public properties
/// to the host, so a body would travel twice. Ours have no public properties.
/// </summary>
internal static class WireResults
{
    public static IActionResult NoContent { get; } = new StatusResult(StatusCodes.Status204NoContent);

    /// <summary>404 without a body, for addresses of files. The API says more: <see cref="Errors.NotFound"/>.</summary>
    public static IActionResult NotFound { get; } = new StatusResult(StatusCodes.Status404NotFound);

    /// <summary>JSON written by generated code, sent in one piece with its length.</summary>
    public static IActionResult Json<T>(
        T body, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK, string contentType = "application/json") =>
        new BodyResult(status, JsonSerializer.SerializeToUtf8Bytes(body, type), contentType);

    public static IActionResult Text(string text, string contentType) => Bytes(Encoding.UTF8.GetBytes(text), contentType);

    public static IActionResult Bytes(ReadOnlyMemory<byte> body, string contentType) =>
        new BodyResult(StatusCodes.Status200OK, body, contentType);

    /// <summary>302: this time, the client finds it at the other address.</summary>
    public static IActionResult Redirect(string address) => new RedirectTo(address);
}
