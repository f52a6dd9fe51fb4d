using Microsoft.Extensions.Options;

namespace Vox.Portal.Billing;

/// <summary>What a single property of <see cref="BillingOptions"/> cannot check.</summary>
internal sealed class BillingSettings : IValidateOptions<BillingOptions>
{
    public ValidateOptionsResult Validate(string? name, BillingOptions options) =>
        string.IsNullOrEmpty(options.StripeKey) || !string.IsNullOrEmpty(options.StripeWebhookSecret)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                "Billing:StripeKey needs Billing:StripeWebhookSecret: payments are believed only when Stripe has signed for them.");
}
