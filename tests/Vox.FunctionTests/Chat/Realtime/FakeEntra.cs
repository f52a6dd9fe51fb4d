using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Vox.Tests.Realtime;

/// <summary>Microsoft Entra as far as one who checks tokens sees it: OpenID metadata, keys, tokens of managed identities.</summary>
internal sealed class FakeEntra : IAsyncDisposable
{
    public const string Tenant = "11111111-1111-1111-1111-111111111111";
    public const string Service = "22222222-2222-2222-2222-222222222222";
    public const string Audience = "https://management.azure.com/";

    private readonly RSA rsa = RSA.Create(2048);
    private readonly WebApplication app;

    private FakeEntra(WebApplication app) => this.app = app;

    public string Address => app.Urls.Single();

    /// <summary>Requests for metadata and keys.</summary>
    public int Requests { get; private set; }

    public bool IsSilent { get; set; }

    public string V1Issuer => $"https://sts.windows.net/{Tenant}/";

    public static async Task<FakeEntra> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var entra = new FakeEntra(builder.Build());
        entra.app.Run(entra.AnswerAsync);
        await entra.app.StartAsync();
        return entra;
    }

    /// <summary>A token of the service's identity; each argument changes one thing.</summary>
    public string Token(
        TimeProvider? time = null, string? issuer = null, string audience = Audience, string tenant = Tenant, string identity = Service,
        RSA? key = null, int hours = 24)
    {
        var now = (time ?? TimeProvider.System).GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? V1Issuer,
            Audience = audience,
            IssuedAt = now.AddHours(hours - 24),
            NotBefore = now.AddHours(hours - 24),
            Expires = now.AddHours(hours),
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["oid"] = identity, ["tid"] = tenant },
            SigningCredentials = new(new RsaSecurityKey(key ?? rsa) { KeyId = "k1" }, SecurityAlgorithms.RsaSha256),
        });
    }

    private async Task AnswerAsync(HttpContext http)
    {
        Requests++;
        if (IsSilent)
        {
            http.Response.StatusCode = 503;
            return;
        }

        var parameters = rsa.ExportParameters(false);
        JsonNode? answer = http.Request.Path.Value switch
        {
            $"/{Tenant}/.well-known/openid-configuration" => new JsonObject
            {
                ["issuer"] = V1Issuer,
                ["jwks_uri"] = Address + "/keys",
            },
            "/keys" => new JsonObject
            {
                ["keys"] = new JsonArray(new JsonObject
                {
                    ["kty"] = "RSA",
                    ["use"] = "sig",
                    ["kid"] = "k1",
                    ["n"] = Base64UrlEncoder.Encode(parameters.Modulus),
                    ["e"] = Base64UrlEncoder.Encode(parameters.Exponent),
                }),
            },
            _ => null,
        };
        http.Response.StatusCode = answer is null ? 404 : 200;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer?.ToJsonString() ?? "");
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        rsa.Dispose();
    }
}
