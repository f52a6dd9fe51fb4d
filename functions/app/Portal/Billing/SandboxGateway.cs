namespace Vox.Portal.Billing;

/// <summary>A page of our own that moves no money. Only where <see cref="BillingOptions.Sandbox"/> asks for it.</summary>
internal sealed class SandboxGateway : IPaymentGateway
{
    public string Name => "sandbox";

    public void Check()
    {
        // It is always there.
    }

    public Task<string> BeginAsync(Payment payment, string projectName, CancellationToken cancellationToken) =>
        Task.FromResult($"/portal/projects/{payment.ProjectId}/payment?payment={payment.Id}");
}
