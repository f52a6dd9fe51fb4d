using Microsoft.Extensions.Options;
using Stripe;
using Stripe.Checkout;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Accounts;

namespace Vox.Portal.Billing;

/// <param name="Amount">In the currency of the price list.</param>
/// <param name="Status"><c>open</c>, <c>paid</c> or <c>cancelled</c>.</param>
public sealed record Payment(string ProjectId, string Id, decimal Amount, string Status, string By, DateTimeOffset CreatedAt, string Gateway);

/// <summary>Takes the money.</summary>
public interface IPaymentGateway
{
    string Name { get; }

    /// <returns>Where to send the browser.</returns>
    Task<string> BeginAsync(Payment payment, string projectName, CancellationToken cancellationToken);
}

/// <summary>A page of our own that moves no money, for installations without a payment provider.</summary>
public sealed class SandboxGateway : IPaymentGateway
{
    public string Name => "sandbox";

    public Task<string> BeginAsync(Payment payment, string projectName, CancellationToken cancellationToken) =>
        Task.FromResult($"/portal/projects/{payment.ProjectId}/payment?payment={payment.Id}");
}

/// <summary>Stripe Checkout. That it was paid is told by the webhook alone, never by the browser that comes back.</summary>
public sealed class StripeGateway(IOptions<BillingOptions> options, PortalAddress address) : IPaymentGateway
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

    /// <summary>Which payment a webhook says was paid, and how much; null for events of other kinds.</summary>
    /// <exception cref="VoxException">invalid_request, when the signature is not Stripe's or too old</exception>
    public static (string ProjectId, string PaymentId, long Cents)? ReadEvent(string body, string? signature, string secret, DateTimeOffset now)
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
        catch (Exception e) when (e is StripeException or Newtonsoft.Json.JsonException or ArgumentException or FormatException or NullReferenceException)
        {
            throw new VoxException(Errors.InvalidRequest, "The webhook is not signed by Stripe, or too old, or malformed.", inner: e);
        }
    }

    public static long Cents(decimal amount) => (long)Math.Round(amount * 100);
}
