using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Vox.Tests.Security;

/// <summary>A Key Vault with one RSA key: the part of its REST API that wraps and unwraps, over HTTP.</summary>
internal sealed class FakeKeyVault : IAsyncDisposable
{
    private readonly List<RSA> versions = [RSA.Create(2048)];
    private readonly WebApplication app;

    private FakeKeyVault(WebApplication app) => this.app = app;

    public Uri Key => new(app.Urls.Single() + "/keys/data-protection");

    /// <summary>Method and path of each request that had the right token.</summary>
    public List<string> Requests { get; } = [];

    public int Refused { get; private set; }

    /// <summary>The number of requests that are answered with 503.</summary>
    public int Busy { get; set; }

    public void Rotate() => versions.Add(RSA.Create(2048));

    public static async Task<FakeKeyVault> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var vault = new FakeKeyVault(builder.Build());
        vault.app.Run(vault.AnswerAsync);
        await vault.app.StartAsync();
        return vault;
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (Busy > 0)
        {
            Busy--;
            http.Response.StatusCode = 503;
            return;
        }

        if (http.Request.Headers.Authorization != "Bearer " + Credential.Token || http.Request.Query["api-version"] != "7.4")
        {
            Refused++;
            http.Response.StatusCode = 401;
            return;
        }

        lock (Requests)
        {
            Requests.Add($"{http.Request.Method} {http.Request.Path}");
        }

        var answer = new JsonObject();
        switch (http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["keys", "data-protection"]:
                answer["key"] = new JsonObject { ["kid"] = $"{Key}/{versions.Count}", ["kty"] = "RSA" };
                break;
            case ["keys", "data-protection", var version, "wrapkey" or "unwrapkey"]:
                var body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body);
                Assert.Equal("RSA-OAEP-256", body.GetProperty("alg").GetString());
                var value = Base64Url.DecodeFromChars(body.GetProperty("value").GetString());
                var rsa = versions[int.Parse(version) - 1];
                answer["kid"] = $"{Key}/{version}";
                answer["value"] = Base64Url.EncodeToString(http.Request.Path.Value.EndsWith("/wrapkey", StringComparison.Ordinal)
                    ? rsa.Encrypt(value, RSAEncryptionPadding.OaepSHA256)
                    : rsa.Decrypt(value, RSAEncryptionPadding.OaepSHA256));
                break;
            default:
                http.Response.StatusCode = 404;
                return;
        }

        await http.Response.WriteAsync(answer.ToJsonString());
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        versions.ForEach(rsa => rsa.Dispose());
    }

    /// <summary>An identity that this vault knows.</summary>
    public sealed class Credential : TokenCredential
    {
        public const string Token = "token-for-the-vault";

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Assert.Equal(["https://vault.azure.net/.default"], requestContext.Scopes);
            return new AccessToken(Token, DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
