using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Operations.LiveDocument;

/// <summary>Serves the AsyncAPI document.</summary>
public sealed class AsyncApiFunctions
{
    [Function("GetAsyncApi")]
    [ApiOperation("Documentation", "The live channel as AsyncAPI 3.0", Response = typeof(object), Anonymous = true)]
    public IActionResult GetAsyncApi([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/asyncapi.json")] HttpRequest request)
    {
        request.HttpContext.Response.Headers.CacheControl = "public, max-age=300";
        return WireResults.Text(AsyncApiDocument.Json, "application/json");
    }
}
