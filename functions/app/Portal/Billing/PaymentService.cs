using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;
using Vox.Portal.Accounts;
using Vox.Portal.Projects;

namespace Vox.Portal.Billing;

/// <summary>Payments for credits, from their beginning to the booking.</summary>
public sealed partial class PaymentService(
    PaymentStore payments, IPaymentGateway gateway, LedgerStore ledger, InvoiceService invoices, ProjectAudit audit,
    IOptions<BillingOptions> options, TimeProvider time, ILogger<PaymentService> logger)
{
    /// <summary>Where nobody can pay, the answer says so whatever the body says.</summary>
    /// <exception cref="VoxException">payments_not_set_up</exception>
    public void CheckSetUp() => gateway.Check();

    /// <exception cref="VoxException">
    /// payments_not_set_up, missing_field, invalid_field, too_long, terms_not_accepted, edit_conflict, busy
    /// </exception>
    public async Task<PaymentStarted> BeginAsync(ProjectCaller caller, PaymentRequest request, CancellationToken cancellationToken)
    {
        CheckSetUp();
        var currency = options.Value.Currency;
        var decimals = CurrencyUnits.Decimals(currency);
        var amount = request.Amount ?? throw new VoxException(Errors.MissingField, "amount is missing.", "amount");
        if (amount < options.Value.MinPayment || amount > options.Value.MaxPayment || decimal.Round(amount, decimals) != amount)
        {
            throw new VoxException(
                Errors.InvalidField,
                $"amount must be from {options.Value.MinPayment:0.##} to {options.Value.MaxPayment:0.##} {currency} "
                    + (decimals == 0 ? "without decimals." : "with at most two decimals."),
                "amount");
        }

        if (!request.Agreed)
        {
            throw new VoxException(
                Errors.TermsNotAccepted, "Please agree to the refund and cancellation policies and the terms of service.", "agreed");
        }

        var key = DeveloperInput.Text(request.Key, "key", 64);
        var payment = new Payment(
            caller.Project.Id, KeyText.Digest(caller.Project.Id, caller.Caller.Developer.Id, key), amount, currency, "open",
            caller.Who, time.GetUtcNow(), gateway.Name);
        await payments.TryAddAsync(payment, cancellationToken);
        // If the same key was sent before, this is the payment of that time.
        payment = (await payments.FindAsync(payment.ProjectId, payment.Id, cancellationToken))!;
        if (payment.Status == "paid")
        {
            // A provider remembers a key for a day only. After that it would take the money again, for credits that are given once.
            throw new VoxException(Errors.EditConflict, "This payment was made already: load the page again to make another.", "key");
        }

        var started = new PaymentStarted(payment.Id, await gateway.BeginAsync(payment, caller.Project.Name, cancellationToken));
        await audit.RecordAsync(caller, "credits.payment_started", $"{payment.Amount:0.00} {payment.Currency}", cancellationToken);
        return started;
    }

    /// <exception cref="VoxException">not_found</exception>
    public async Task<PaymentResponse> ReadAsync(string projectId, string paymentId, CancellationToken cancellationToken) =>
        await payments.FindAsync(projectId, paymentId, cancellationToken) is { } payment
            ? new PaymentResponse(payment.Id, payment.Amount, payment.Currency, payment.Status)
            : throw new VoxException(Errors.NotFound, "There is no such payment.");

    /// <summary>The sandbox exists only where a setting asks for it.</summary>
    /// <exception cref="VoxException">not_found</exception>
    public void CheckSandbox()
    {
        if (gateway is not SandboxGateway)
        {
            throw Nothing();
        }
    }

    /// <summary>Pays a sandbox payment or cancels it.</summary>
    /// <exception cref="VoxException">not_found, edit_conflict</exception>
    public async Task DecideSandboxAsync(ProjectCaller caller, string paymentId, bool paid, CancellationToken cancellationToken)
    {
        CheckSandbox();
        if (paid)
        {
            await CompleteAsync(caller.Project.Id, paymentId, null, gateway.Name, cancellationToken);
            await audit.RecordAsync(caller, "credits.added", "Sandbox payment " + paymentId, cancellationToken);
        }
        else if (await payments.FindAsync(caller.Project.Id, paymentId, cancellationToken)
            is { Status: "open", Gateway: "sandbox" } payment)
        {
            await payments.SetAsync(payment with { Status = "cancelled" }, cancellationToken);
        }
    }

    /// <summary>Webhooks are received only where their signatures can be checked.</summary>
    /// <exception cref="VoxException">not_found</exception>
    public void CheckWebhook() => WebhookSecret();

    /// <summary>Adds the credits of a payment that Stripe reports as paid. Events of other kinds do nothing.</summary>
    /// <param name="content">The event as it was sent: the signature is over its bytes.</param>
    /// <exception cref="VoxException">not_found, invalid_request</exception>
    public async Task ReceiveWebhookAsync(string content, string? signature, CancellationToken cancellationToken)
    {
        if (StripeGateway.ReadEvent(content, signature, WebhookSecret(), time.GetUtcNow()) is var (projectId, paymentId, received))
        {
            await CompleteAsync(projectId, paymentId, received, "stripe", cancellationToken);
        }
    }

    /// <summary>Adds the credits of a payment, once.</summary>
    /// <param name="received">What the provider received; null in the sandbox, where nothing is paid.</param>
    private async Task CompleteAsync(
        string projectId, string paymentId, Received? received, string through, CancellationToken cancellationToken)
    {
        var payment = await payments.FindAsync(projectId, paymentId, cancellationToken);
        if (payment is null || payment.Gateway != through)
        {
            throw new VoxException(Errors.NotFound, "There is no such payment.", "payment");
        }

        // The ledger has one currency. Credits in another would be worth more or less than what was paid.
        if ((received is not null && !received.Pays(payment)) || payment.Currency != options.Value.Currency)
        {
            NotBooked(
                projectId, paymentId, received?.Units ?? 0, received?.Currency ?? "",
                CurrencyUnits.Of(payment.Amount, payment.Currency), payment.Currency, options.Value.Currency);
            throw new VoxException(Errors.InvalidRequest, "What was paid is not the amount and the currency of the payment.");
        }

        if (payment.Status == "cancelled" && received is null)
        {
            throw new VoxException(Errors.EditConflict, "This payment was cancelled.");
        }

        await ledger.BookAsync(
            projectId, "payment." + payment.Id, "payment", $"Credits added by {payment.By}", (long)(payment.Amount * LedgerStore.Scale),
            "gateway:" + payment.Gateway, await invoices.OfPaymentAsync(payment, cancellationToken), cancellationToken);
        await payments.SetAsync(payment with { Status = "paid" }, cancellationToken);
    }

    private string WebhookSecret() => options.Value.StripeWebhookSecret is { Length: > 0 } secret ? secret : throw Nothing();

    [LoggerMessage(
        6211, LogLevel.Error,
        "Payment {Payment} of project {Project} gave no credits: {Received} {ReceivedCurrency} were paid, {Asked} {AskedCurrency} were "
        + "asked for (in smallest units), and balances are in {Currency}")]
    private partial void NotBooked(
        string project, string payment, long received, string receivedCurrency, long asked, string askedCurrency,
        string currency);

    private static VoxException Nothing() => new(Errors.NotFound, "There is nothing at this address.");
}
