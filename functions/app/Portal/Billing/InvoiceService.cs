using System.Globalization;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Accounts;
using Vox.Portal.Projects;

namespace Vox.Portal.Billing;

/// <summary>
/// Writes and reads invoices and monthly statements. Each is stored in one transaction with its number, and an invoice also with its
/// payment.
/// </summary>
public sealed class InvoiceService(
    LedgerStore ledger, ProjectStore projects, MemberStore members, DeveloperStore developers, IOptions<BillingOptions> options,
    TimeProvider time)
{
    private const int PageSize = 25;

    /// <summary>A page of invoices and statements, newest first.</summary>
    /// <param name="before">Only those before this number; null: from the newest.</param>
    public async Task<InvoiceList> ListAsync(string projectId, long? before, CancellationToken cancellationToken)
    {
        var found = await ledger.InvoicesAsync(projectId, before, PageSize + 1, cancellationToken);
        return new InvoiceList([.. found.Take(PageSize)], found.Count > PageSize ? found[PageSize - 1].Number : null);
    }

    /// <summary>An invoice or a statement, as it was written.</summary>
    /// <exception cref="VoxException">not_found</exception>
    public async Task<Invoice> ReadAsync(string projectId, string number, CancellationToken cancellationToken)
    {
        var invoice = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)
            ? await ledger.FindInvoiceAsync(projectId, wanted, cancellationToken)
            : null;
        return invoice ?? throw new VoxException(Errors.NotFound, "There is no such invoice in this project.", "number");
    }

    /// <summary>Prepares the invoice for a payment, to be booked together with it.</summary>
    /// <returns>Makes the invoice from its number, which only the booking knows.</returns>
    public async Task<Func<long, Invoice>> OfPaymentAsync(Payment payment, CancellationToken cancellationToken)
    {
        var project = await projects.FindAsync(payment.ProjectId, cancellationToken);
        var buyer = await PartyAsync(PortalKeys.Developer(payment.By), payment.By, cancellationToken);
        var name = project?.Name ?? payment.ProjectId;
        return Maker(
            payment.ProjectId, name, "payment", null, payment.Id, payment.Currency, buyer,
            [new InvoiceLine(
                payment.Gateway == "sandbox" ? "Credits (sandbox: no money was paid)" : "Credits",
                null, null, null, null, payment.Amount)]);
    }

    /// <summary>Writes the statement of a month that is over, once. If nothing was charged there is none.</summary>
    public async Task WriteStatementAsync(Project project, DateOnly month, CancellationToken cancellationToken)
    {
        await AddStatementAsync(project, month, cancellationToken);
        await ledger.EndStatementAsync(project.Id, month, cancellationToken);
    }

    private async Task AddStatementAsync(Project project, DateOnly month, CancellationToken cancellationToken)
    {
        var period = month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        var key = "statement." + period;
        var charges = await ledger.ChargesAsync(project.Id, month, month.AddMonths(1).AddDays(-1), cancellationToken);
        if (charges.Sum(charge => charge.Total) == 0 || await ledger.ContainsAsync(project.Id, key, cancellationToken))
        {
            return;
        }

        var owner = (await members.ListAsync(project.Id, cancellationToken)).Where(m => m.Role == ProjectRole.Owner).MinBy(m => m.Since);
        var buyer = await PartyAsync(owner?.DeveloperId ?? "", owner?.Email ?? "", cancellationToken);
        await ledger.AddInvoiceAsync(
            project.Id, key,
            Maker(
                project.Id, project.Name, "statement", period, null, options.Value.Currency, buyer,
                charges.ConvertAll(c => new InvoiceLine(
                    c.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), c.Users, c.Bytes, c.UserCharge, c.StorageCharge, c.Total))),
            cancellationToken);
    }

    private Func<long, Invoice> Maker(
        string projectId, string project, string kind, string? period, string? reference, string currency, InvoiceParty buyer,
        IReadOnlyList<InvoiceLine> lines)
    {
        var set = options.Value;
        var seller = new InvoiceParty(set.SellerName, "", set.SellerAddress ?? "", set.SellerTaxId ?? "", "");
        var at = time.GetUtcNow();
        return number => new Invoice(
            new InvoiceHead(
                number, string.Create(CultureInfo.InvariantCulture, $"{projectId[4..12].ToUpperInvariant()}-{number:D6}"), at, kind, period,
                reference, lines.Sum(line => line.Amount), currency),
            project, seller, buyer, lines);
    }

    private async Task<InvoiceParty> PartyAsync(string developerId, string email, CancellationToken cancellationToken) =>
        developerId.Length > 0 && await developers.FindAsync(developerId, cancellationToken) is { } developer
            ? new InvoiceParty(developer.Name, developer.Company, "", "", developer.Email)
            : new InvoiceParty(email, "", "", "", email);
}
