using Microsoft.Extensions.Options;
using Vox.Platform.SelfChecks;

namespace Vox.Portal.Billing;

/// <summary>Whether and how customers can pay.</summary>
internal sealed class BillingSelfCheck(IPaymentGateway gateway, IOptions<BillingOptions> options) : ISelfCheck
{
    private const string Name = "payments";

    public Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Find()]);

    private Finding Find() => gateway switch
    {
        NoGateway => new Finding(
            Name, FindingLevel.Warning, "Nobody can pay.",
            "Set Billing__StripeKey and Billing__StripeWebhookSecret, unless you charge in another way."),
        SandboxGateway => new Finding(
            Name, FindingLevel.Error, "Credits are given for nothing (Billing__Sandbox).",
            "Take Billing__Sandbox out, and set Billing__StripeKey and Billing__StripeWebhookSecret."),
        _ when options.Value.StripeKey?.Contains("_test_", StringComparison.Ordinal) is true => new Finding(
            Name, FindingLevel.Warning, "Stripe's key is one for tests: no money moves.", "Set Billing__StripeKey to the live key."),
        _ => new Finding(Name, FindingLevel.Ok, $"By {gateway.Name}."),
    };
}
