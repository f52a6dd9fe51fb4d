using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Billing;

/// <summary>Invoices for payments and monthly statements of charges.</summary>
public sealed class InvoiceFunctions(InvoiceService invoices, ProjectCallers access)
{
    private const string Base = "api/portal/v1/projects/{projectId}/invoices";

    [Function("ListInvoices")]
    [PortalOperation("Portal billing", "Invoices and monthly statements, newest first", Query = "before:integer?",
        Response = typeof(InvoiceList))]
    public async Task<IActionResult> ListInvoices(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request,
        string projectId, CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var before = RequestFields.OfQuery(request).Number("before", 0, int.MaxValue, 0);
        return PortalResults.Json(
            request, await invoices.ListAsync(projectId, before == 0 ? null : before, cancellationToken), BillingJson.Wire.InvoiceList);
    }

    [Function("GetInvoice")]
    [PortalOperation("Portal billing", "An invoice or a statement, as it was written", Response = typeof(Invoice))]
    public async Task<IActionResult> GetInvoice(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/{number}")] HttpRequest request, string projectId, string number,
        CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        return PortalResults.Json(request, await invoices.ReadAsync(projectId, number, cancellationToken), BillingJson.Wire.Invoice);
    }
}
