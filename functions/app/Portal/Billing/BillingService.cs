using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Files;
using Vox.Chat.Projects;
using Vox.Chat.Usage;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Mail;
using Vox.Platform.Storage;
using Vox.Portal.Accounts;
using Vox.Portal.Projects;

namespace Vox.Portal.Billing;

/// <summary>Credits: payments in, a charge per day out.</summary>
public sealed partial class BillingService(
    LedgerStore ledger, PaymentStore payments, IPaymentGateway gateway, PriceList prices, RateStore rates, InvoiceService invoices, UsageCounters usage, FileMeterStore files, UserStore users, ProjectStore projects,
    MemberStore members, MailOutbox mail, PortalAddress address, IOptions<BillingOptions> options, TimeProvider time, ILogger<BillingService> logger)
{
    /// <summary>Days that are charged later, if the timer was down; older ones are given away.</summary>
    private const int MaxBacklog = 35;

    public async Task<PaymentStarted> BeginPaymentAsync(ProjectCaller caller, PaymentRequest request, CancellationToken cancellationToken)
    {
        var amount = request.Amount ?? throw new VoxException(Errors.MissingField, "amount is missing.", "amount");
        if (amount < options.Value.MinPayment || amount > options.Value.MaxPayment || decimal.Round(amount, 2) != amount)
        {
            throw new VoxException(
                Errors.InvalidField, $"amount must be from {options.Value.MinPayment:0.##} to {options.Value.MaxPayment:0.##} with at most two decimals.", "amount");
        }

        if (!request.Agreed)
        {
            throw new VoxException(Errors.TermsNotAccepted, "Please agree to the refund and cancellation policies and the terms of service.", "agreed");
        }

        var key = DeveloperInput.Text(request.Key, "key", 64);
        var payment = new Payment(
            caller.Project.Id, KeyText.Digest(caller.Project.Id, caller.Caller.Developer.Id, key), amount, "open", caller.Who, time.GetUtcNow(), gateway.Name);
        await payments.TryAddAsync(payment, cancellationToken);
        payment = (await payments.FindAsync(payment.ProjectId, payment.Id, cancellationToken))!;
        return new PaymentStarted(payment.Id, await gateway.BeginAsync(payment, caller.Project.Name, cancellationToken));
    }

    /// <summary>Adds the credits of a payment, once.</summary>
    /// <param name="cents">What the gateway received; null: does not say.</param>
    /// <exception cref="VoxException">not_found, invalid_request</exception>
    public async Task CompletePaymentAsync(string projectId, string paymentId, long? cents, string through, CancellationToken cancellationToken)
    {
        var payment = await payments.FindAsync(projectId, paymentId, cancellationToken);
        if (payment is null || payment.Gateway != through)
        {
            throw new VoxException(Errors.NotFound, "There is no such payment.", "payment");
        }

        if (cents is { } received && received != StripeGateway.Cents(payment.Amount))
        {
            throw new VoxException(Errors.InvalidRequest, "The amount is not that of the payment.");
        }

        if (payment.Status == "cancelled" && cents is null)
        {
            throw new VoxException(Errors.EditConflict, "This payment was cancelled.");
        }

        await ledger.BookAsync(
            projectId, "payment." + payment.Id, "payment", $"Credits added by {payment.By}", (long)(payment.Amount * LedgerStore.Scale),
            "gateway:" + payment.Gateway, await invoices.OfPaymentAsync(payment, cancellationToken), cancellationToken);
        await payments.SetAsync(payment with { Status = "paid" }, cancellationToken);
    }

    public async Task CancelPaymentAsync(string projectId, string paymentId, CancellationToken cancellationToken)
    {
        if (await payments.FindAsync(projectId, paymentId, cancellationToken) is { Status: "open", Gateway: "sandbox" } payment)
        {
            await payments.SetAsync(payment with { Status = "cancelled" }, cancellationToken);
        }
    }

    /// <summary>Charges every project for every day that is over and not charged yet. May run twice, also at the same time.</summary>
    public async Task ChargeAllAsync(CancellationToken cancellationToken)
    {
        await foreach (var project in projects.EnumerateAsync(cancellationToken))
        {
            if (project.DeletedAt is not null)
            {
                continue;
            }

            try
            {
                await ChargeAsync(project, cancellationToken);
            }
            catch (Exception e) when (StorageFailure.IsAny(e) || e is AggregateException or VoxException)
            {
                // The others must not wait for this one; the next run tries again.
                NotCharged(e, project.Id);
            }
        }
    }

    public async Task ChargeAsync(Project project, CancellationToken cancellationToken)
    {
        var yesterday = usage.Today().AddDays(-1);
        var created = DateOnly.FromDateTime(project.CreatedAt.UtcDateTime);
        var first = created > yesterday.AddDays(1 - MaxBacklog) ? created : yesterday.AddDays(1 - MaxBacklog);
        if (first > yesterday)
        {
            return;
        }

        var noted = (await ledger.ChargesAsync(project.Id, first, yesterday, cancellationToken)).ToDictionary(charge => charge.Day);
        var booked = await ledger.BookedDaysAsync(project.Id, first, yesterday, cancellationToken);
        int? count = null;
        IReadOnlyList<RateChange>? changes = null;
        for (var day = first; day <= yesterday; day = day.AddDays(1))
        {
            if (!noted.TryGetValue(day, out var charge))
            {
                // How many users there were on a day long past is not known: after a longer stop it is today's number.
                count ??= await users.CountAsync(project.Id, cancellationToken);
                var stored = (await files.ReadDayAsync(project.Id, day, cancellationToken)).Stored;
                changes ??= await rates.ReadAsync(project.Id, cancellationToken);
                charge = prices.ChargeOf(day, count.Value, stored + await usage.BytesUntilAsync(project.Id, day, cancellationToken), changes);
                if (!await ledger.TryNoteChargeAsync(project.Id, charge, cancellationToken))
                {
                    charge = (await ledger.FindChargeAsync(project.Id, day, cancellationToken))!;
                }
            }

            // Also a day that was noted by a run that ended between the two steps, however long ago.
            if (!booked.Contains(PortalKeys.LedgerKey(LedgerStore.ChargeKey(day))))
            {
                await BookAsync(project, charge, cancellationToken);
            }
        }

        // Only after a run that has charged something: the others would look in vain, every hour.
        for (var month = new DateOnly(first.Year, first.Month, 1); count is not null && month.AddMonths(1) <= yesterday.AddDays(1); month = month.AddMonths(1))
        {
            await invoices.WriteStatementAsync(project, month, cancellationToken);
        }
    }

    private async Task BookAsync(Project project, Charge charge, CancellationToken cancellationToken)
    {
        if (charge.Total == 0)
        {
            return;
        }

        var balance = await ledger.BookAsync(
            project.Id, LedgerStore.ChargeKey(charge.Day), "charge", $"{charge.Day:yyyy-MM-dd}: {charge.Users} users, {charge.Bytes} bytes",
            -(long)(charge.Total * LedgerStore.Scale), "revenue", null, cancellationToken);
        if (balance is { } left && left < options.Value.LowBalance * LedgerStore.Scale)
        {
            foreach (var owner in (await members.ListAsync(project.Id, cancellationToken)).Where(m => m.Role == ProjectRole.Owner))
            {
                await mail.SendAsync(
                    MailTemplates.LowBalance(
                        owner.Email, project.Name, $"{left / LedgerStore.Scale:0.00} {options.Value.Currency}", address.Page($"projects/{project.Id}/credits")),
                    cancellationToken);
            }
        }
    }

    [LoggerMessage(6200, LogLevel.Error, "Project {Project} could not be charged: the next run tries again")]
    private partial void NotCharged(Exception exception, string project);
}
