using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Platform.Http;

/// <summary>
/// Answers for every path under <c>/api</c> that no other function has. Otherwise the host would: without our form of an error, and without
/// the headers that let a page of another origin read it. Its name puts it behind all functions that answer for
/// something.
/// </summary>
public sealed class NotFoundFunctions
{
    [Function("ZzNotFound")]
    public IActionResult ZzNotFound(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", Route = "api/{*path}")]
        HttpRequest request) => throw new VoxException(
            Errors.NotFound, $"There is nothing at this address for {request.Method}: see /api/openapi.json for what there is.");
}
