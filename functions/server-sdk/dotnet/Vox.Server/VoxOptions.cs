namespace Vox.Server;

/// <summary>How to reach your project.</summary>
public sealed class VoxOptions
{
    /// <summary>The address of the chat server, such as <c>https://chat.example.com</c>. Required.</summary>
    public Uri? Address { get; set; }

    /// <summary>An API key of the project: <c>vox_sk_…</c>. Required. Keep it out of source code.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>How often a request that failed in passing is repeated. 0 to 10, default 3.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>The longest pause before a repetition, whatever the server asks for. Default 30 seconds.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Secrets of webhook endpoints, <c>whsec_…</c>. While you rotate, there are two.</summary>
    public IList<string> WebhookSecrets { get; } = [];

    /// <exception cref="ArgumentException">Something is missing or out of its range.</exception>
    internal static void Check(VoxOptions options)
    {
        if (options.Address is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            throw new ArgumentException("Address must be the http or https address of the chat server.", nameof(options));
        }

        if (!options.ApiKey.StartsWith("vox_sk_", StringComparison.Ordinal))
        {
            throw new ArgumentException("ApiKey must be an API key of the project: vox_sk_…", nameof(options));
        }

        if (options.MaxRetries is < 0 or > 10)
        {
            throw new ArgumentException("MaxRetries must be from 0 to 10.", nameof(options));
        }
    }
}
