using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.Extensions.Options;

namespace Vox.Platform.Security;

/// <summary>
/// Wraps small keys with a key that never leaves its Key Vault, through the vault's REST API. Nobody can read the private half of that
/// key pair, not even those who can read the storage. Synchronous, as data protection is, and called as rarely.
/// </summary>
/// <param name="credential">For tests; otherwise the app's identity.</param>
public sealed class KeyVault(IOptions<SecurityOptions> options, TokenCredential? credential = null)
{
    private const string Version = "api-version=7.4";
    private const string Algorithm = "RSA-OAEP-256";
    private static readonly TokenRequestContext Scope = new(["https://vault.azure.net/.default"]);

    private readonly Lazy<TokenCredential> identity = new(() => credential ?? new DefaultAzureCredential());
    private readonly Lazy<HttpPipeline> pipeline = new(() => HttpPipelineBuilder.Build(new Options()));

    public bool IsConfigured => options.Value.KeyVaultKey is not null;

    /// <returns>The wrapped key, and the version of the vault's key that wrapped it.</returns>
    /// <exception cref="RequestFailedException">The vault did not answer with 200.</exception>
    public (string KeyId, byte[] Wrapped) Wrap(ReadOnlySpan<byte> key)
    {
        // The newest version, by its full name: unwrapping needs that name once there is a newer one.
        using var newest = Send(RequestMethod.Get, options.Value.KeyVaultKey!.AbsoluteUri, null);
        var keyId = newest.RootElement.GetProperty("key").GetProperty("kid").GetString()!;
        return (keyId, Transform(keyId, "wrapkey", key));
    }

    /// <exception cref="InvalidOperationException">Wrapped by a key of a vault other than the configured one.</exception>
    /// <exception cref="RequestFailedException">The vault did not answer with 200.</exception>
    public byte[] Unwrap(string keyId, ReadOnlySpan<byte> wrapped) => Transform(keyId, "unwrapkey", wrapped);

    private byte[] Transform(string keyId, string operation, ReadOnlySpan<byte> value)
    {
        // The key id comes from a blob. Whoever can write that blob must not be able to make us send our token elsewhere.
        if (options.Value.KeyVaultKey is not { } configured || !Uri.TryCreate(keyId, UriKind.Absolute, out var key)
            || key.GetLeftPart(UriPartial.Authority) != configured.GetLeftPart(UriPartial.Authority))
        {
            throw new InvalidOperationException(
                "A stored key is wrapped by a key that Security__KeyVaultKey does not name: set it to that key's address.");
        }

        var body = RequestContent.Create(
            Encoding.UTF8.GetBytes(new JsonObject { ["alg"] = Algorithm, ["value"] = Base64Url.EncodeToString(value) }.ToJsonString()));
        using var answer = Send(RequestMethod.Post, $"{key.AbsoluteUri.TrimEnd('/')}/{operation}", body);
        return Base64Url.DecodeFromChars(answer.RootElement.GetProperty("value").GetString());
    }

    private JsonDocument Send(RequestMethod method, string address, RequestContent? body)
    {
        using var request = pipeline.Value.CreateRequest();
        request.Method = method;
        request.Uri.Reset(new Uri($"{address}?{Version}"));
        request.Headers.Add("Authorization", "Bearer " + identity.Value.GetToken(Scope, CancellationToken.None).Token);
        request.Headers.Add("Accept", "application/json");
        if (body is not null)
        {
            request.Headers.Add("Content-Type", "application/json");
            request.Content = body;
        }

        using var response = pipeline.Value.SendRequest(request, CancellationToken.None);
        return response.Status == 200 ? JsonDocument.Parse(response.Content) : throw new RequestFailedException(response);
    }

    private sealed class Options : ClientOptions
    {
        public Options()
        {
            Retry.MaxRetries = 3;
            Retry.Delay = TimeSpan.FromMilliseconds(300);
            Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
            Diagnostics.IsLoggingEnabled = false;
            Diagnostics.IsTelemetryEnabled = false;
        }
    }
}
