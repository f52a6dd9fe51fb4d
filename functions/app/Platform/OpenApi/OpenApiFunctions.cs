using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;

namespace Vox.Platform.OpenApi;

/// <summary>Serves the OpenAPI document.</summary>
public sealed class OpenApiFunctions
{
    [Function("GetOpenApi")]
    [ApiOperation("Documentation", "This document", Response = typeof(object), Anonymous = true)]
    public IActionResult GetOpenApi([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/openapi.json")] HttpRequest request)
    {
        request.HttpContext.Response.Headers.CacheControl = "public, max-age=300";
        return WireResults.Text(OpenApiDocument.Json, "application/json");
    }
}
