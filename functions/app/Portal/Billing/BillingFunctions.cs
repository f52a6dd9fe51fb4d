using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Billing;

/// <summary>Credits and charges.</summary>
public sealed class BillingFunctions(CreditService credits, BillingService billing, ProjectCallers access)
{
    [Function("GetCredits")]
    [PortalOperation("Portal billing", "Balance and ledger, newest first", Query = "before:integer?", Response = typeof(CreditsResponse))]
    public async Task<IActionResult> GetCredits(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/portal/v1/projects/{projectId}/credits")] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var before = RequestFields.OfQuery(request).Number("before", 0, int.MaxValue, 0);
        return PortalResults.Json(
            request, await credits.ReadAsync(projectId, before == 0 ? null : before, cancellationToken), BillingJson.Wire.CreditsResponse);
    }

    /// <summary>Every hour, charges the days that are over. The keys of the ledger see to it that each day is charged once.</summary>
    [Function("ChargeProjects")]
    public Task ChargeProjects([TimerTrigger("0 10 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        billing.ChargeAllAsync(cancellationToken);
}
