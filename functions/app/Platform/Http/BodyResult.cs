using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace Vox.Platform.Http;

/// <summary>A status and a body of known length. The properties are internal: public ones would be sent to the host as well.</summary>
internal sealed class BodyResult(int status, ReadOnlyMemory<byte> body, string contentType) : IActionResult, IStatusCodeActionResult
{
    internal int Status { get; } = status;

    internal ReadOnlyMemory<byte> Body { get; } = body;

    internal string ContentType { get; } = contentType;

    int? IStatusCodeActionResult.StatusCode => Status;

    public Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        // Not cancelled: nothing is written to a client that has gone anyway, and a cancellation would count as a failed function.
        return response.Body.WriteAsync(Body, CancellationToken.None).AsTask();
    }
}
