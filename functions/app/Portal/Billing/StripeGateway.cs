using Microsoft.Extensions.Options;
using Stripe;
using Stripe.Checkout;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Accounts;

namespace Vox.Portal.Billing;

/// <summary>Stripe Checkout. Only the webhook says that a payment was paid, never the browser that comes back.</summary>
internal sealed class StripeGateway(IOptions<BillingOptions> options, PortalAddress address) : IPaymentGateway
{
    public string Name => "stripe";

    public async Task<string> BeginAsync(Payment payment, string projectName, CancellationToken cancellationToken)
    {
        var back = address.Page($"projects/{payment.ProjectId}/credits");
        var client = new StripeClient(options.Value.StripeKey);
        var session = await new SessionService(client).CreateAsync(
            new SessionCreateOptions
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
                            Currency = options.Value.Currency.ToLowerInvariant(),
                            UnitAmount = Cents(payment.Amount),
                            ProductData = new SessionLineItemPriceDataProductDataOptions { Name = $"Credits for {projectName}" },
                        },
                    },
                ],
            },
            new RequestOptions { IdempotencyKey = payment.Id },
            cancellationToken);
        return session.Url;
    }

    /// <summary>The payment that a webhook reports as paid, and its amount; null for events of other kinds.</summary>
    /// <exception cref="VoxException">invalid_request, if the event is not signed by Stripe, too old or malformed</exception>
    public static (string ProjectId, string PaymentId, long Cents)? ReadEvent(
        string body, string? signature, string secret, DateTimeOffset now)
    {
        try
        {
            EventUtility.ValidateSignature(body, signature ?? "", secret, 300, now.ToUnixTimeSeconds());
            var happened = EventUtility.ParseEvent(body, throwOnApiVersionMismatch: false);
            return happened.Type is EventTypes.CheckoutSessionCompleted or EventTypes.CheckoutSessionAsyncPaymentSucceeded
                && happened.Data.Object is Session { PaymentStatus: "paid", ClientReferenceId: { } reference } session
                && reference.Split('/') is [var projectId, var paymentId]
                    ? (projectId, paymentId, session.AmountTotal ?? 0)
                    : null;
        }
        catch (Exception e) when (e is StripeException or Newtonsoft.Json.JsonException or ArgumentException or FormatException
            or NullReferenceException)
        {
            throw new VoxException(Errors.InvalidRequest, "The webhook is not signed by Stripe, or too old, or malformed.", inner: e);
        }
    }

    public static long Cents(decimal amount) => (long)Math.Round(amount * 100);
}
