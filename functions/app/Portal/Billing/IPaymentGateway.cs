using Vox.Platform.ErrorCatalogue;

namespace Vox.Portal.Billing;

/// <summary>Takes the money.</summary>
public interface IPaymentGateway
{
    string Name { get; }

    /// <exception cref="VoxException">payments_not_set_up</exception>
    void Check();

    /// <returns>The address to send the browser to.</returns>
    Task<string> BeginAsync(Payment payment, string projectName, CancellationToken cancellationToken);
}
