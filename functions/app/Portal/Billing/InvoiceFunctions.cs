using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Http;
using Vox.Portal.Accounts;
using Vox.Portal.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Billing;

/// <summary>Invoices for payments and monthly statements of charges.</summary>
public sealed class InvoiceFunctions(ProjectCallers access, LedgerStore ledger)
{
    private const string Base = "api/portal/v1/projects/{projectId}/invoices";

    [Function("ListInvoices")]
    [PortalOperation("Portal billing", "Invoices and monthly statements, newest first", Query = "before?", Response = typeof(InvoiceList))]
    public async Task<IActionResult> ListInvoices(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base)] HttpRequest request, string projectId, CancellationToken cancellationToken)
    {
        const int Size = 25;
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var before = RequestFields.OfQuery(request).Number("before", 0, int.MaxValue, 0);
        var found = await ledger.InvoicesAsync(projectId, before == 0 ? null : before, Size + 1, cancellationToken);
        return PortalResults.Json(
            request, new InvoiceList([.. found.Take(Size)], found.Count > Size ? found[Size - 1].Number : null), BillingJson.Wire.InvoiceList);
    }

    [Function("GetInvoice")]
    [PortalOperation("Portal billing", "An invoice or a statement, as it was written", Response = typeof(Invoice))]
    public async Task<IActionResult> GetInvoice(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Base + "/{number}")] HttpRequest request, string projectId, string number,
        CancellationToken cancellationToken)
    {
        await access.ReadAsync(request, projectId, ProjectAction.View, cancellationToken);
        var invoice = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)
            ? await ledger.FindInvoiceAsync(projectId, wanted, cancellationToken)
            : null;
        return PortalResults.Json(
            request, invoice ?? throw new VoxException(Errors.NotFound, "There is no such invoice in this project.", "number"), BillingJson.Wire.Invoice);
    }
}
