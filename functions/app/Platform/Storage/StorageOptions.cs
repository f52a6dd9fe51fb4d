using System.ComponentModel.DataAnnotations;

namespace Vox.Platform.Storage;

/// <summary>Where data is kept. Section <c>Storage</c>; without any of it, <c>AzureWebJobsStorage</c> is used.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>A storage connection string. Default: none.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Account name for access by identity (DefaultAzureCredential), used when there is no connection string.</summary>
    [RegularExpression("^[a-z0-9]{3,24}$")]
    public string? AccountName { get; set; }

    /// <summary>Table endpoint for access by identity. Default: <c>https://{AccountName}.table.core.windows.net</c>.</summary>
    public Uri? TableServiceUri { get; set; }

    /// <summary>Blob endpoint for access by identity. Default: <c>https://{AccountName}.blob.core.windows.net</c>.</summary>
    public Uri? BlobServiceUri { get; set; }

    /// <summary>
    /// Further accounts for the data of new projects, separated by blanks: names for access by identity, or connection strings. Accounts
    /// are only ever added, at the end. Default: none, everything is in the one account.
    /// </summary>
    public string? ProjectAccounts { get; set; }

    /// <summary>
    /// An account for unfinished uploads: a name for access by identity, or a connection string. It should keep neither versions nor
    /// deleted blobs, so that what is given up is gone. Default: none, they are in the account of the project's data.
    /// </summary>
    public string? UploadAccount { get; set; }

    /// <summary>Prefix of every table and container name, so that several installations can share an account. Default <c>vox</c>.</summary>
    [RegularExpression("^[A-Za-z][A-Za-z0-9]{0,19}$")]
    public string TablePrefix { get; set; } = "vox";

    /// <summary>Creates a table or container when it is first used. Switch off where they are deployed with the infrastructure.</summary>
    public bool CreateTables { get; set; } = true;

    /// <summary>Longest wait for one attempt of a storage request, in seconds. 1–100, default 10.</summary>
    [Range(1, 100)]
    public int TimeoutSeconds { get; set; } = 10;

    internal TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    /// <summary>Retries of a request that failed in transport or with 429/5xx. 0–10, default 4.</summary>
    [Range(0, 10)]
    public int Retries { get; set; } = 4;

    internal IReadOnlyList<string> ProjectAccountList() =>
        ProjectAccounts?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
