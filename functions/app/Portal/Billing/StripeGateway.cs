using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stripe;
using Stripe.Checkout;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Accounts;

namespace Vox.Portal.Billing;

/// <summary>Stripe Checkout. Only the webhook says that a payment was paid, never the browser that comes back.</summary>
internal sealed partial class StripeGateway(
    IOptions<BillingOptions> options, PortalAddress address, ILogger<StripeGateway> logger) : IPaymentGateway
{
    public string Name => "stripe";

    public void Check()
    {
        // There is a key. Whether Stripe accepts it shows when a payment begins.
    }

    public async Task<string> BeginAsync(Payment payment, string projectName, CancellationToken cancellationToken)
    {
        var back = address.Page($"projects/{payment.ProjectId}/credits");
        var client = new StripeClient(options.Value.StripeKey);
        try
        {
            return (await new SessionService(client).CreateAsync(
                NewSession(payment, projectName, back), new RequestOptions { IdempotencyKey = payment.Id }, cancellationToken)).Url;
        }
        catch (Exception e) when (e is StripeException or HttpRequestException
            || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            NotBegun(e, payment.ProjectId);
            throw new VoxException(Errors.Busy, "The payment provider did not take the payment: try again shortly.", inner: e);
        }
    }

    internal static SessionCreateOptions NewSession(Payment payment, string projectName, string back) => new()
    {
        Mode = "payment",
        ClientReferenceId = $"{payment.ProjectId}/{payment.Id}",
        SuccessUrl = back + "?paid=" + payment.Id,
        CancelUrl = back,
        LineItems =
        [
            new SessionLineItemOptions
            {
                Quantity = 1,
                PriceData = new SessionLineItemPriceDataOptions
                {
                    Currency = payment.Currency.ToLowerInvariant(),
                    UnitAmount = CurrencyUnits.Of(payment.Amount, payment.Currency),
                    ProductData = new SessionLineItemPriceDataProductDataOptions { Name = $"Credits for {projectName}" },
                },
            },
        ],
    };

    /// <summary>The payment that a webhook reports as paid, and what was paid; null for events of other kinds.</summary>
    /// <exception cref="VoxException">invalid_request, if the event is not signed by Stripe, too old or malformed</exception>
    public static (string ProjectId, string PaymentId, Received Received)? ReadEvent(
        string body, string? signature, string secret, DateTimeOffset now)
    {
        try
        {
            EventUtility.ValidateSignature(body, signature ?? "", secret, 300, now.ToUnixTimeSeconds());
            var happened = EventUtility.ParseEvent(body, throwOnApiVersionMismatch: false);
            return happened.Type is EventTypes.CheckoutSessionCompleted or EventTypes.CheckoutSessionAsyncPaymentSucceeded
                && happened.Data.Object is Session { PaymentStatus: "paid", ClientReferenceId: { } reference } session
                && reference.Split('/') is [var projectId, var paymentId]
                    ? (projectId, paymentId, new Received(session.AmountTotal ?? 0, session.Currency?.ToUpperInvariant() ?? ""))
                    : null;
        }
        catch (Exception e) when (e is StripeException or Newtonsoft.Json.JsonException or ArgumentException or FormatException
            or NullReferenceException)
        {
            throw new VoxException(Errors.InvalidRequest, "The webhook is not signed by Stripe, or too old, or malformed.", inner: e);
        }
    }

    [LoggerMessage(6210, LogLevel.Error, "Stripe did not take the payment that a member of project {Project} began")]
    private partial void NotBegun(Exception exception, string project);
}
