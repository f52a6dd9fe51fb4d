namespace Vox.Portal.Billing;

/// <summary>A page of our own that moves no money, for installations without a payment provider.</summary>
internal sealed class SandboxGateway : IPaymentGateway
{
    public string Name => "sandbox";

    public Task<string> BeginAsync(Payment payment, string projectName, CancellationToken cancellationToken) =>
        Task.FromResult($"/portal/projects/{payment.ProjectId}/payment?payment={payment.Id}");
}
