using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Vox.Platform.SelfChecks;

namespace Vox.Platform.Security;

/// <summary>Wraps and unwraps a few bytes: what the app has to be able to do to read its own secrets.</summary>
internal sealed class KeyVaultSelfCheck(KeyVault vault, IConfiguration configuration) : ISelfCheck
{
    private const string Name = "key vault";

    public async Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken cancellationToken)
    {
        if (!vault.IsConfigured)
        {
            return
            [
                configuration["WEBSITE_HOSTNAME"] is { Length: > 0 }
                    ? new Finding(
                        Name, FindingLevel.Warning, "Stored secrets are not wrapped by a key of a vault.",
                        "Set Security__KeyVaultKey; infra-bicep does.")
                    : new Finding(Name, FindingLevel.Ok, "Not used."),
            ];
        }

        try
        {
            await Task.Run(
                () =>
                {
                    var secret = RandomNumberGenerator.GetBytes(16);
                    var (keyId, wrapped) = vault.Wrap(secret);
                    _ = vault.Unwrap(keyId, wrapped);
                },
                cancellationToken);
            return [new Finding(Name, FindingLevel.Ok, "The vault's key wraps and unwraps.")];
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            return
            [
                new Finding(
                    Name, FindingLevel.Error, "The vault's key cannot be used: " + Short(e),
                    "Give the app's identity Key Vault Crypto Service Encryption User on the key that Security__KeyVaultKey names, "
                    + "and see that the vault is there and not closed to the app."),
            ];
        }
    }

    private static string Short(Exception exception) => exception switch
    {
        Azure.RequestFailedException { Status: > 0 } e => $"it answers {e.Status}.",
        Azure.RequestFailedException => "it does not answer.",
        Azure.Identity.AuthenticationFailedException => "this process has no usable identity.",
        _ => exception.GetType().Name + ".",
    };
}
