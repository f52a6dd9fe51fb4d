using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Vox.Chat.Issuers;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Issuers;

public sealed class CustomerTokenTests(Backends backends)
{
    private const string Issuer = "https://login.example";
    private const string Audience = "chat";

    [Theory]
    [InlineData(SecurityAlgorithms.RsaSha256)]
    [InlineData(SecurityAlgorithms.EcdsaSha256)]
    public async Task LogIn_WithATokenOfTheCustomersOwn_IsTheUserItNames(string algorithm)
    {
        var project = await backends.App.CreateProjectAsync();
        var server = await project.CreateServerAsync();
        var key = NewKey(algorithm);
        await SetAsync(project, key, provisions: true);

        var answer = await PostAsync(project, Sign(key, "alice", name: "Alice")).JsonAsync();

        Assert.Equal("alice", answer.GetProperty("loginId").GetString());
        Assert.InRange(answer.GetProperty("sessionExpiresIn").GetInt32(), 3_500, 3_600);
        Assert.Equal("Alice", (await server.GetJsonAsync("users/alice")).GetProperty("displayName").GetString());
        // Later the user's own wishes count.
        await server.SendAsync(HttpMethod.Patch, "users/alice", new { displayName = "Queen" }).JsonAsync();
        await PostAsync(project, Sign(key, "alice", name: "Alice")).JsonAsync();
        Assert.Equal("Queen", (await server.GetJsonAsync("users/alice")).GetProperty("displayName").GetString());
    }

    [Fact]
    public async Task LogIn_UserDoesNotExistAndIsNotToBeCreated_Is401()
    {
        var project = await backends.App.CreateProjectAsync();
        var key = NewKey(SecurityAlgorithms.RsaSha256);
        await SetAsync(project, key, provisions: false);

        await PostAsync(project, Sign(key, "alice")).ProblemAsync("invalid_login_token");
        await project.CreateUserAsync("alice");
        await PostAsync(project, Sign(key, "alice")).JsonAsync();
    }

    [Fact]
    public async Task LogIn_TokensThatAreNotGood_Are401()
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        var key = NewKey(SecurityAlgorithms.RsaSha256);
        await SetAsync(project, key, provisions: true);
        var good = Sign(key, "alice");
        var parts = good.Split('.');
        var none = Base64("""{"alg":"none","typ":"JWT"}""");
        var pem = Pem(key.Key);
        var secret = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(pem));
        var der = new SymmetricSecurityKey(((RsaSecurityKey)key.Key).Rsa.ExportSubjectPublicKeyInfo());
        var bad = new Dictionary<string, string>
        {
            ["alg none"] = $"{none}.{parts[1]}.",
            ["alg none, signed"] = $"{none}.{parts[1]}.{parts[2]}",
            ["HS256 with the public key's text"] = Sign(new SigningCredentials(secret, SecurityAlgorithms.HmacSha256), "alice"),
            ["HS256 with the public key's bytes"] = Sign(new SigningCredentials(der, SecurityAlgorithms.HmacSha256), "alice"),
            ["RS512"] = Sign(new SigningCredentials(key.Key, SecurityAlgorithms.RsaSha512), "alice"),
            ["another key"] = Sign(NewKey(SecurityAlgorithms.RsaSha256), "alice"),
            ["another issuer"] = Sign(key, "alice", issuer: "https://evil.example"),
            ["another audience"] = Sign(key, "alice", audience: "mail"),
            ["no audience"] = Sign(key, "alice", audience: null),
            ["expired"] = Sign(key, "alice", minutes: -2),
            ["not yet"] = Sign(key, "alice", fromMinutes: 2),
            ["no expiry"] = Sign(key, "alice", minutes: null),
            ["no subject"] = Sign(key, null),
            ["our own issuer"] = Sign(key, "alice", issuer: "vox-login"),
            ["changed"] = $"{parts[0]}.{Base64(Changed())}.{parts[2]}",
        };
        foreach (var (what, token) in bad)
        {
            using var answer = await PostAsync(project, token);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(
                (int)answer.StatusCode == 401 && text.Contains("invalid_login_token", StringComparison.Ordinal), $"{what}: {text}");
        }

        await PostAsync(project, good).JsonAsync();
        // Within a minute, clocks may differ.
        await PostAsync(project, Sign(key, "alice", minutes: -0.5)).JsonAsync();
        await PostAsync(project, Sign(key, "alice", fromMinutes: 0.5)).JsonAsync();
        // Another project has not asked for this issuer.
        await PostAsync(await backends.App.CreateProjectAsync(), good).ProblemAsync("invalid_login_token");
    }

    [Fact]
    public async Task LogIn_IssuerChangesItsKeysAtTheAddress_NewOnesAreFoundAndOldOnesEnd()
    {
        var clock = PortalApp.Clock();
        await using var keys = await KeyServer.StartAsync();
        await using var app = await VoxApp.StartAsync(backends, clock, "Outbound:AllowLoopback=true");
        var project = await app.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await SetAsync(project, null, provisions: false, jwks: keys.Address);
        var (first, second) = (NewKey(SecurityAlgorithms.RsaSha256, "k1"), NewKey(SecurityAlgorithms.EcdsaSha256, "k2"));
        keys.Keys = [first.Key];
        for (var i = 0; i < 5; i++)
        {
            await PostAsync(project, Sign(first, "alice", clock: clock)).JsonAsync();
        }

        Assert.Equal(1, keys.Requests);
        keys.Keys = [second.Key];
        await PostAsync(project, Sign(second, "alice", clock: clock)).ProblemAsync("invalid_login_token");
        clock.Advance(TimeSpan.FromSeconds(31));

        await PostAsync(project, Sign(second, "alice", clock: clock)).JsonAsync();
        await PostAsync(project, Sign(first, "alice", clock: clock)).ProblemAsync("invalid_login_token");
        Assert.Equal(2, keys.Requests);
        // While the address has nothing, the keys of before stay good.
        keys.Keys = [];
        clock.Advance(TimeSpan.FromHours(1));
        await PostAsync(project, Sign(second, "alice", clock: clock)).JsonAsync();
        clock.Advance(TimeSpan.FromHours(24));
        await PostAsync(project, Sign(second, "alice", clock: clock)).ProblemAsync("invalid_login_token");
    }

    [Fact]
    public async Task LogIn_AddressOfKeysWasDownAtFirst_IsAskedAgainHalfAMinuteLater()
    {
        var clock = PortalApp.Clock();
        await using var keys = await KeyServer.StartAsync();
        await using var app = await VoxApp.StartAsync(backends, clock, "Outbound:AllowLoopback=true");
        var project = await app.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await SetAsync(project, null, provisions: false, jwks: keys.Address);
        var key = NewKey(SecurityAlgorithms.RsaSha256);
        (keys.Keys, keys.IsDown) = ([key.Key], true);
        await PostAsync(project, Sign(key, "alice", clock: clock)).ProblemAsync("invalid_login_token");
        keys.IsDown = false;
        clock.Advance(TimeSpan.FromSeconds(31));

        // The token names no key: without keys, there is nothing that could be the wrong one.
        await PostAsync(project, Sign(key, "alice", clock: clock)).JsonAsync();
    }

    [Fact]
    public async Task LogIn_SomeKeysAtTheAddressAreNone_TheOthersServe()
    {
        await using var keys = await KeyServer.StartAsync();
        await using var app = await VoxApp.StartAsync(backends, ["Outbound:AllowLoopback=true"]);
        var project = await app.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await SetAsync(project, null, provisions: false, jwks: keys.Address);
        var key = NewKey(SecurityAlgorithms.RsaSha256, "k1");
        keys.Keys = [key.Key];
        keys.Broken =
            [new { kty = "RSA", n = "!!! no base64", e = "AQAB", kid = "b1" }, new { kty = "EC", crv = "P-256", x = "*", y = "?" }];

        await PostAsync(project, Sign(key, "alice")).JsonAsync();
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(-1)]
    public async Task LogIn_TimeOfIssueIsNoTimeInSeconds_IsRefused(long factor)
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        var key = NewKey(SecurityAlgorithms.RsaSha256);
        await SetAsync(project, key, provisions: false);
        var now = TimeProvider.System.GetUtcNow();
        var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            Expires = now.AddHours(1).UtcDateTime,
            Claims = new Dictionary<string, object> { ["sub"] = "alice", ["iat"] = now.ToUnixTimeSeconds() * factor },
            SigningCredentials = key,
        });

        await PostAsync(project, token).ProblemAsync("invalid_login_token", "token");
    }

    [Fact]
    public async Task LogIn_KeysAtAnAddressThatIsNotPublic_AreNotFetched()
    {
        await using var keys = await KeyServer.StartAsync();
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await SetAsync(project, null, provisions: false, jwks: keys.Address);
        var key = NewKey(SecurityAlgorithms.RsaSha256, "k1");
        keys.Keys = [key.Key];

        await PostAsync(project, Sign(key, "alice")).ProblemAsync("invalid_login_token");

        Assert.Equal(0, keys.Requests);
    }

    [Fact]
    public async Task Revoke_OfAUser_RefusesTokensOfTheCustomerFromBefore()
    {
        var clock = PortalApp.Clock();
        await using var app = await VoxApp.StartAsync(backends, clock);
        var project = await app.CreateProjectAsync();
        var server = await project.CreateServerAsync();
        await project.CreateUserAsync("alice");
        var key = NewKey(SecurityAlgorithms.RsaSha256);
        await SetAsync(project, key, provisions: false);
        var old = Sign(key, "alice", clock: clock);
        clock.Advance(TimeSpan.FromSeconds(5));
        await server.PostJsonAsync("users/alice/tokens/revoke", new { });
        clock.Advance(TimeSpan.FromSeconds(5));

        await PostAsync(project, old).ProblemAsync("invalid_login_token");
        await PostAsync(project, Sign(key, "alice", clock: clock)).JsonAsync();
    }

    private static string Changed()
    {
        var exp = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds();
        return JsonSerializer.Serialize(new { iss = Issuer, aud = Audience, sub = "alice", exp });
    }

    private static Task SetAsync(TestProject project, SigningCredentials? key, bool provisions, string? jwks = null) =>
        project.App.Get<IssuerService>().SetAsync(
            new TokenIssuer(
                project.Id, Issuer, Audience, jwks, key is null ? null : Pem(key.Key), "sub", "name", provisions,
                TimeProvider.System.GetUtcNow(), "a test"),
            CancellationToken.None);

    private static Task<HttpResponseMessage> PostAsync(TestProject project, string token) =>
        project.App.Http.PostAsJsonAsync("/api/v1/sessions", new { projectId = project.Id, token });

    private static SigningCredentials NewKey(string algorithm, string? id = null) => new(
        algorithm == SecurityAlgorithms.EcdsaSha256
            ? new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = id }
            : new RsaSecurityKey(RSA.Create(2_048)) { KeyId = id },
        algorithm);

    private static string Pem(SecurityKey key) => key is RsaSecurityKey rsa
        ? rsa.Rsa.ExportSubjectPublicKeyInfoPem()
        : ((ECDsaSecurityKey)key).ECDsa.ExportSubjectPublicKeyInfoPem();

    private static string Sign(
        SigningCredentials key, string? subject, string issuer = Issuer, string? audience = Audience, double? minutes = 60,
        double fromMinutes = -5, string? name = null, FakeTimeProvider? clock = null)
    {
        var now = ((TimeProvider?)clock ?? TimeProvider.System).GetUtcNow();
        var claims = new Dictionary<string, object>();
        if (subject is not null)
        {
            claims["sub"] = subject;
        }

        if (name is not null)
        {
            claims["name"] = name;
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime.AddMinutes(fromMinutes),
            Expires = minutes is { } left ? now.UtcDateTime.AddMinutes(left) : null,
            Claims = claims,
            SigningCredentials = key,
        });
    }

    private static string Base64(string json) => Base64UrlEncoder.Encode(json);
}
