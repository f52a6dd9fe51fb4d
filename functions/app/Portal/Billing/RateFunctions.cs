using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Chat.Projects;
using Vox.Platform.Http;
using Vox.Platform.OpenApi;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Billing;

/// <summary>
/// The prices of a project: its members read them, an operator sets them. Operators have no accounts here. They have the master key of the
/// function app, which the host checks.
/// </summary>
public sealed class RateFunctions(RateService rates, ProjectCallers access, ProjectService projects, RequestBody body)
{
    private const string Member = "api/portal/v1/projects/{projectId}/pricing";
    private const string Operator = "api/operator/v1/projects/{projectId}/rates";

    [Function("GetPrices")]
    [PortalOperation("Portal billing", "The rates of a project, and those that follow", Response = typeof(PricesResponse))]
    public async Task<IActionResult> GetPrices(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Member)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        return PortalResults.Json(request, await rates.ReadPricesAsync(projectId, cancellationToken), BillingJson.Wire.PricesResponse);
    }

    [Function("GetPricing")]
    [PortalOperation("Portal billing", "The price list as .xlsx", Response = typeof(object))]
    public async Task<IActionResult> GetPricing(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Member + ".xlsx")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var caller = await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        return PortalResults.Download(
            request, await rates.ExportPricesAsync(caller.Project, cancellationToken),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "vox-pricing.xlsx");
    }

    [Function("GetProjectRates")]
    [ApiOperation("Operators", "The rates that were set for a project, with the master key", Response = typeof(RatesResponse),
        Anonymous = true)]
    public async Task<IActionResult> GetProjectRates(
        [HttpTrigger(AuthorizationLevel.Admin, "get", Route = Operator)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var project = await projects.GetAsync(projectId, cancellationToken);
        return PortalResults.Json(request, await rates.ReadAsync(project, cancellationToken), BillingJson.Wire.RatesResponse);
    }

    [Function("SetProjectRates")]
    [ApiOperation("Operators", "Set a project's rates from a day on, with the master key", Request = typeof(RatesRequest),
        Response = typeof(RatesResponse), Anonymous = true)]
    public async Task<IActionResult> SetProjectRates(
        [HttpTrigger(AuthorizationLevel.Admin, "put", Route = Operator)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var project = await projects.GetAsync(projectId, cancellationToken);
        var wanted = await body.ReadJsonAsync(request, BillingJson.Wire.RatesRequest, cancellationToken);
        return PortalResults.Json(request, await rates.SetAsync(project, wanted, cancellationToken), BillingJson.Wire.RatesResponse);
    }

    [Function("RemoveProjectRates")]
    [ApiOperation("Operators", "Take back a change of rates that has not begun, with the master key", Query = "from",
        Response = typeof(RatesResponse), Anonymous = true)]
    public async Task<IActionResult> RemoveProjectRates(
        [HttpTrigger(AuthorizationLevel.Admin, "delete", Route = Operator)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        var project = await projects.GetAsync(projectId, cancellationToken);
        return PortalResults.Json(
            request, await rates.RemoveAsync(project, request.Query["from"], cancellationToken), BillingJson.Wire.RatesResponse);
    }
}
