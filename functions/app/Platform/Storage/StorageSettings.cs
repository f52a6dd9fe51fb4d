using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vox.Platform.Storage;

/// <summary>Checks what can be known about the storage settings without asking storage.</summary>
internal sealed class StorageSettings(IConfiguration configuration) : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private IEnumerable<string> Problems(StorageOptions options)
    {
        var own = Text(options.ConnectionString);
        var shared = Text(configuration["AzureWebJobsStorage"]);
        var account = Text(options.AccountName);
        if (own is not null && (account is not null || options.TableServiceUri is not null))
        {
            yield return "Storage__ConnectionString and Storage__AccountName or Storage__TableServiceUri are both set: "
                + "keep the connection string for access by key, or the others for access by identity.";
        }

        if (account is not null && options.TableServiceUri is { } uri
            && uri.Host.EndsWith(".core.windows.net", StringComparison.OrdinalIgnoreCase)
            && !uri.Host.StartsWith(account + ".", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"Storage__AccountName is {account}, but Storage__TableServiceUri leads to {uri.Host}: name one account.";
        }

        if (own is null && shared is null && account is null && options.TableServiceUri is null
            && Text(configuration["AzureWebJobsStorage:accountName"]) is null
            && Text(configuration["AzureWebJobsStorage:tableServiceUri"]) is null)
        {
            yield return "No storage is configured: set Storage__AccountName to the name of an account that this identity may use, "
                + "or AzureWebJobsStorage or Storage__ConnectionString to a connection string.";
        }

        if (own is not null && WrongWith(own) is { } ownProblem)
        {
            yield return $"Storage__ConnectionString {ownProblem}";
        }

        if (own is null && account is null && options.TableServiceUri is null && shared is not null
            && WrongWith(shared) is { } sharedProblem)
        {
            yield return $"AzureWebJobsStorage {sharedProblem}";
        }
    }

    /// <returns>The rest of a sentence; never a part of the connection string, which is a secret.</returns>
    private static string? WrongWith(string connectionString)
    {
        const string Advice = "copy it again from the account's page Access keys.";
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var equals))
            {
                return "is not a list of Name=Value separated by semicolons: " + Advice;
            }

            parts[part[..equals]] = part[(equals + 1)..];
        }

        if (parts.ContainsKey("UseDevelopmentStorage") || parts.ContainsKey("SharedAccessSignature"))
        {
            return null;
        }

        if (!parts.ContainsKey("AccountName"))
        {
            return "has no AccountName: " + Advice;
        }

        return !parts.TryGetValue("AccountKey", out var key) ? "has no AccountKey: " + Advice
            : !Convert.TryFromBase64String(key, new byte[key.Length], out _)
                ? "has an AccountKey that is not base64, so part of it is missing: " + Advice
            : null;
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
