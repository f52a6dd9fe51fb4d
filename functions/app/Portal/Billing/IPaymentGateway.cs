namespace Vox.Portal.Billing;

/// <summary>Takes the money.</summary>
public interface IPaymentGateway
{
    string Name { get; }

    /// <returns>The address to send the browser to.</returns>
    Task<string> BeginAsync(Payment payment, string projectName, CancellationToken cancellationToken);
}
