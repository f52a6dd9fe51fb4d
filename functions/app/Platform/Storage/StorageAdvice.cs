using Azure;
using Azure.Identity;
using Microsoft.Extensions.Options;

namespace Vox.Platform.Storage;

/// <summary>Puts storage's answers into words, for whoever runs the app.</summary>
public sealed class StorageAdvice(IOptions<StorageOptions> options)
{
    /// <summary>What an exception of storage means for whoever runs the app.</summary>
    public string Explain(Exception exception) => exception switch
    {
        AggregateException { InnerException: { } inner } => Explain(inner),
        RequestFailedException { ErrorCode: "AuthenticationFailed" or "InvalidAuthenticationInfo" }
            or RequestFailedException { Status: 401 } =>
            "Storage refuses the credentials: copy the connection string again (the key was renewed, or belongs to another account), "
            + "and see that the clock is right.",
        RequestFailedException { ErrorCode: "KeyBasedAuthenticationNotPermitted" } =>
            "The storage account takes no keys: set Storage__AccountName instead of a connection string, for access by identity.",
        RequestFailedException { Status: 403 } =>
            "Storage refuses this identity or key: give the identity the role Storage Table Data Contributor on the account "
            + "(infra-bicep/modules/rbac.bicep), "
            + "or copy the connection string again; after an assignment it takes some minutes.",
        RequestFailedException { Status: 404, ErrorCode: "TableNotFound" } => Missing(),
        RequestFailedException { Status: 429 or >= 500 } e =>
            $"Storage answers {e.Status}: it is overloaded or down; requests are tried again by themselves.",
        RequestFailedException { Status: 0 } or OperationCanceledException or TimeoutException or HttpRequestException =>
            "Storage does not answer: check the account's name, DNS and the network.",
        CredentialUnavailableException or AuthenticationFailedException =>
            "This process has no usable identity: assign one to the app and set AZURE_CLIENT_ID to it, "
            + "or log in with the Azure CLI on a developer's machine.",
        RequestFailedException e => $"Storage answers {e.Status} {e.ErrorCode}.",
        InvalidOperationException e => e.Message,
        _ => $"Storage cannot be used ({exception.GetType().Name}).",
    };

    /// <summary>What to do if a table is missing.</summary>
    public string Missing() =>
        $"Table {options.Value.TablePrefix}projects is missing: deploy infra-bicep, or set Storage__CreateTables to true.";
}
