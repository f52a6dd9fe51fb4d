using Vox.Platform.ErrorCatalogue;

namespace Vox.Portal.Billing;

/// <summary>Where nobody has set up payments. A missing key must never mean that credits are free.</summary>
internal sealed class NoGateway : IPaymentGateway
{
    public string Name => "none";

    public void Check() => throw new VoxException(
        Errors.PaymentsNotSetUp,
        "Payments are not set up on this server: its operator has to set Billing__StripeKey and Billing__StripeWebhookSecret.");

    public Task<string> BeginAsync(Payment payment, string projectName, CancellationToken cancellationToken)
    {
        Check();
        return Task.FromResult("");
    }
}
