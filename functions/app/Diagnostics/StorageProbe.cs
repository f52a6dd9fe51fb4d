using Azure;
using Azure.Identity;
using Microsoft.Extensions.Options;
using Vox.Storage;

namespace Vox.Diagnostics;

/// <summary>Reads one row, without retries, and puts into words what storage answers.</summary>
public sealed class StorageProbe(StorageClients storage, IOptions<StorageOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Storage refuses signed requests beyond 15 minutes; tokens suffer before.</summary>
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(2);

    public async Task<(HealthLevel Level, string? Problem)> AskAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var (serverTime, exists) = await storage.ProbeAsync("projects", limit.Token);
            if (!exists && !options.Value.CreateTables)
            {
                return (HealthLevel.Unavailable, Missing());
            }

            var skew = serverTime is { } theirs ? time.GetUtcNow() - theirs : TimeSpan.Zero;
            return skew.Duration() < MaxSkew
                ? (HealthLevel.Ok, null)
                : (HealthLevel.Degraded, $"The clock of this machine is {Math.Round(skew.Duration().TotalMinutes)} minutes "
                    + $"{(skew > TimeSpan.Zero ? "ahead of" : "behind")} the storage service's: have it set by NTP; from 15 minutes on requests are refused.");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return (HealthLevel.Unavailable, Explain(e));
        }
    }

    /// <summary>What an exception of storage means for whoever runs the app.</summary>
    public string Explain(Exception exception) => exception switch
    {
        AggregateException { InnerException: { } inner } => Explain(inner),
        RequestFailedException { ErrorCode: "AuthenticationFailed" or "InvalidAuthenticationInfo" } or RequestFailedException { Status: 401 } =>
            "Storage refuses the credentials: copy the connection string again (the key was renewed, or belongs to another account), and see that the clock is right.",
        RequestFailedException { ErrorCode: "KeyBasedAuthenticationNotPermitted" } =>
            "The storage account takes no keys: set Storage__AccountName instead of a connection string, for access by identity.",
        RequestFailedException { Status: 403 } =>
            "Storage refuses this identity or key: give the identity the role Storage Table Data Contributor on the account (infra-bicep/modules/rbac.bicep), "
            + "or copy the connection string again; after an assignment it takes some minutes.",
        RequestFailedException { Status: 404, ErrorCode: "TableNotFound" } => Missing(),
        RequestFailedException { Status: 429 or >= 500 } e => $"Storage answers {e.Status}: it is overloaded or down; requests are tried again by themselves.",
        RequestFailedException { Status: 0 } or OperationCanceledException or TimeoutException or HttpRequestException =>
            "Storage does not answer: check the account's name, DNS and the network.",
        CredentialUnavailableException or AuthenticationFailedException =>
            "This process has no usable identity: assign one to the app and set AZURE_CLIENT_ID to it, or log in with the Azure CLI on a developer's machine.",
        RequestFailedException e => $"Storage answers {e.Status} {e.ErrorCode}.",
        InvalidOperationException e => e.Message,
        _ => $"Storage cannot be used ({exception.GetType().Name}).",
    };

    private string Missing() =>
        $"Table {options.Value.TablePrefix}projects is missing: deploy infra-bicep, or set Storage__CreateTables to true.";
}
