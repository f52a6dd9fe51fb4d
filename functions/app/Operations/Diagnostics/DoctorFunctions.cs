using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;

namespace Vox.Operations.Diagnostics;

/// <summary>For <c>vox doctor</c>, with the master key.</summary>
public sealed class DoctorFunctions(DoctorService doctor, RequestBody body)
{
    private const string Base = "api/operator/v1/";

    [Function("RunChecks")]
    [ApiOperation("Operators", "What the app finds wrong with its settings and the services that it uses, with the master key",
        Response = typeof(ChecksResponse), Anonymous = true)]
    public async Task<IActionResult> RunChecks(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = Base + "checks")] HttpRequest request, CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return WireResults.Json(await doctor.CheckAsync(cancellationToken), DiagnosticsJson.Wire.ChecksResponse);
    }

    [Function("BeginProbe")]
    [ApiOperation("Operators", "Make a project with two users to try out the live channel, with the master key",
        Response = typeof(ProbeResponse), Anonymous = true)]
    public async Task<IActionResult> BeginProbe(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = Base + "probes")] HttpRequest request, CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return WireResults.Json(await doctor.BeginProbeAsync(cancellationToken), DiagnosticsJson.Wire.ProbeResponse);
    }

    [Function("EndProbe")]
    [ApiOperation("Operators", "Remove the project of a try-out; any other stays; with the master key", Anonymous = true)]
    public async Task<IActionResult> EndProbe(
        [HttpTrigger(AuthorizationLevel.Admin, "delete", Route = Base + "probes/{projectId}")] HttpRequest request, string projectId,
        CancellationToken cancellationToken)
    {
        await doctor.EndProbeAsync(projectId, cancellationToken);
        return WireResults.NoContent;
    }

    [Function("SendTestMail")]
    [ApiOperation("Operators", "Send a test e-mail and say what became of it, with the master key", Request = typeof(MailTestRequest),
        Response = typeof(MailTestResponse), Anonymous = true)]
    public async Task<IActionResult> SendTestMail(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = Base + "mail-tests")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var test = await body.ReadJsonAsync(request, DiagnosticsJson.Wire.MailTestRequest, cancellationToken);
        return WireResults.Json(await doctor.SendMailAsync(test.Email, cancellationToken), DiagnosticsJson.Wire.MailTestResponse);
    }
}
