using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

public sealed class PortalIssuerTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task SetAndRemove_AnIssuer_ItsTokensLogInUntilThen()
    {
        using var client = await portal.NewDeveloperAsync();
        var id = (await client.PostJsonAsync("projects", new { name = "Shop" })).GetProperty("projectId").GetString()!;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await client.DoAsync(HttpMethod.Put, $"projects/{id}/issuers", new
        {
            issuer = "https://login.example",
            audience = "chat",
            publicKey = key.ExportSubjectPublicKeyInfoPem(),
            idClaim = "user",
            provisions = true,
        });
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "https://login.example",
            Audience = "chat",
            Claims = new Dictionary<string, object> { ["user"] = "alice" },
            SigningCredentials = new(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256),
        });

        var answer = await PostAsync().JsonAsync();

        Assert.Equal("alice", answer.GetProperty("loginId").GetString());
        var issuer = Assert.Single((await client.GetAsync($"projects/{id}/issuers")).GetProperty("issuers").EnumerateArray());
        Assert.Equal(("user", "name"), (issuer.GetProperty("idClaim").GetString(), issuer.GetProperty("nameClaim").GetString()));
        Assert.Equal(44, issuer.GetProperty("keyFingerprint").GetString()!.Length);
        var address = $"projects/{id}/issuers?issuer={Uri.EscapeDataString("https://login.example")}";
        await client.DoAsync(HttpMethod.Delete, address);
        await PostAsync().ProblemAsync("invalid_login_token");
        Assert.Equal((404, "not_found"), await client.RefusedAsync(HttpMethod.Delete, address));
        var actions = (await client.GetAsync($"projects/{id}/audit")).GetProperty("entries").EnumerateArray()
            .Select(entry => entry.GetProperty("action").GetString());
        Assert.Equal(["issuer.removed", "issuer.set", "project.created"], actions);

        Task<HttpResponseMessage> PostAsync() => portal.App.Http.PostAsJsonAsync("/api/v1/sessions", new { projectId = id, token });
    }

    [Theory]
    [InlineData("""{"audience":"a","jwksUri":"https://example.com/"}""", "missing_field")]
    [InlineData("""{"issuer":"i","jwksUri":"https://example.com/"}""", "missing_field")]
    [InlineData("""{"issuer":"i","audience":"a"}""", "missing_field")]
    [InlineData("""{"issuer":"i","audience":"a","jwksUri":"https://example.com/","publicKey":"x"}""", "missing_field")]
    [InlineData("""{"issuer":"vox-login","audience":"a","jwksUri":"https://example.com/"}""", "invalid_field")]
    [InlineData("""{"issuer":"i","audience":"a","jwksUri":"http://example.com/"}""", "invalid_field")]
    [InlineData("""{"issuer":"i","audience":"a","jwksUri":"https://169.254.169.254/"}""", "invalid_field")]
    [InlineData("""{"issuer":"i","audience":"a","publicKey":"no key"}""", "invalid_field")]
    public async Task Set_BadInput_IsRefused(string body, string code)
    {
        using var client = await portal.NewDeveloperAsync();
        var id = (await client.PostJsonAsync("projects", new { name = "Shop" })).GetProperty("projectId").GetString()!;

        Assert.Equal(
            (400, code),
            await client.RefusedAsync(HttpMethod.Put, $"projects/{id}/issuers", JsonSerializer.Deserialize<JsonElement>(body)));
    }

    [Fact]
    public async Task Set_PrivateOrWeakKey_IsRefused()
    {
        using var client = await portal.NewDeveloperAsync();
        var id = (await client.PostJsonAsync("projects", new { name = "Shop" })).GetProperty("projectId").GetString()!;
        using var rsa = RSA.Create(2_048);
        using var weak = RSA.Create(1_024);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        foreach (var publicKey in (string[])
        [
            rsa.ExportPkcs8PrivateKeyPem(), weak.ExportSubjectPublicKeyInfoPem(), other.ExportSubjectPublicKeyInfoPem(),
        ])
        {
            Assert.Equal(
                (400, "invalid_field"),
                await client.RefusedAsync(HttpMethod.Put, $"projects/{id}/issuers", new { issuer = "i", audience = "a", publicKey }));
        }
    }
}
