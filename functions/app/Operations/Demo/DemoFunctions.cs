using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Vox.Platform.Http;

namespace Vox.Operations.Demo;

/// <summary>Tells the demo page which project and users to offer. There are none except on a developer's own machine.</summary>
public sealed class DemoFunctions(IOptions<DemoOptions> options)
{
    [Function("GetDemoConfig")]
    public async Task<IActionResult> GetDemoConfig(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "demo/config.json")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        if (options.Value.File is not { Length: > 0 } path || !File.Exists(path))
        {
            return WireResults.NotFound;
        }

        var text = await File.ReadAllTextAsync(path, cancellationToken);
        var demo = JsonSerializer.Deserialize(text, DemoJson.Wire.DemoFile)!;
        // The page needs users, and nothing that could create or delete them.
        return WireResults.Json(new DemoConfig(demo.ProjectId, demo.Users), DemoJson.Wire.DemoConfig);
    }
}

internal sealed record DemoConfig(string ProjectId, IReadOnlyList<DemoUser> Users);
