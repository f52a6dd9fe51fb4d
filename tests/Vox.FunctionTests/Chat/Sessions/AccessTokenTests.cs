using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Vox.Tests.Fixture;

namespace Vox.Tests.Sessions;

public sealed class AccessTokenTests(Backends backends)
{
    private static readonly string Key = Convert.ToBase64String(Encoding.ASCII.GetBytes(new string('k', 64)));
    private static readonly string OtherKey = Convert.ToBase64String("abcdefghijabcdefghijabcdefghijab"u8);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer x")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Bearer eyJhbGciOiJIUzI1NiJ9.e30.x")]
    [InlineData("Basic YWxpY2U6c2VjcmV0")]
    public async Task Call_WithoutAToken_Is401OnEveryEndpoint(string? header)
    {
        foreach (var (method, path) in new[]
        {
            ("GET", "/api/v1/messages?with=bob"), ("POST", "/api/v1/messages"), ("GET", "/api/v1/conversations"), ("POST", "/api/v1/sync"),
            ("POST", "/api/v1/sessions/logout"), ("POST", "/api/v1/realtime/negotiate?u=x"),
        })
        {
            var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (header is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", header);
            }

            await backends.App.Http.SendAsync(request).ProblemAsync("invalid_token", "authorization");
        }
    }

    [Fact]
    public async Task Token_AfterItsLife_IsRefused()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await VoxApp.StartAsync(backends, time);
        var alice = await (await app.CreateProjectAsync()).CreateUserAsync("alice");
        var used = await alice.LogInAsync();
        var unused = await alice.LogInAsync();

        time.Advance(TimeSpan.FromMinutes(14));
        await used.GetConversationsAsync().TextAsync();
        time.Advance(TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(1));

        await used.GetConversationsAsync().ProblemAsync("invalid_token");
        await unused.GetConversationsAsync().ProblemAsync("invalid_token");
    }

    [Fact]
    public async Task Token_SignedWithTheConfiguredKey_WorksInAnAppWithTheSameKeyOnly()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Sessions:SigningKey=" + Key]);
        await using var same = await VoxApp.StartAsync(backends, ["Sessions:SigningKey=" + Key], tablePrefix: app.TablePrefix);
        await using var different = await VoxApp.StartAsync(backends, ["Sessions:SigningKey=" + OtherKey], tablePrefix: app.TablePrefix);
        var session = await (await (await app.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();

        await (session with { App = same }).GetConversationsAsync().TextAsync();
        await (session with { App = different }).GetConversationsAsync().ProblemAsync("invalid_token");
    }

    [Fact]
    public async Task Token_OfAnotherProcessOnTheSameStorage_Works()
    {
        await using var app = await VoxApp.StartAsync(backends);
        await using var other = await VoxApp.StartAsync(backends, tablePrefix: app.TablePrefix);
        var alice = await (await app.CreateProjectAsync()).CreateUserAsync("alice");
        await (await alice.LogInAsync()).GetConversationsAsync().TextAsync();

        await (await alice.LogInAsync() with { App = other }).GetConversationsAsync().TextAsync();
    }

    [Fact]
    public async Task Token_Forged_IsRefused()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Sessions:SigningKey=" + Key]);
        var project = await app.CreateProjectAsync();
        var other = await app.CreateProjectAsync();
        var session = await (await project.CreateUserAsync("alice")).LogInAsync();
        await project.CreateUserAsync("bob");
        await other.CreateUserAsync("alice");
        var (header, payload, signature) = Parts(session.AccessToken);

        // An unchanged token that is signed again with the right key is valid. So the forgeries below fail because of what they change.
        await (session with { AccessToken = Sign(header, payload, Key) }).GetConversationsAsync().TextAsync();

        Dictionary<string, string> forgeries = new()
        {
            ["payload changed"] = Join(header, Changed(payload, "sub", "bob"), signature),
            ["no signature"] = Join(header, payload, ""),
            ["alg none"] = Join(Changed(header, "alg", "none"), payload, ""),
            ["alg none with signature"] = Join(Changed(header, "alg", "none"), payload, signature),
            ["alg None"] = Join(Changed(header, "alg", "None"), payload, ""),
            ["other key"] = Sign(header, payload, OtherKey),
            ["unknown kid"] = Sign(Changed(header, "kid", "other"), payload, Key),
            ["no kid"] = Sign(Without(header, "kid"), payload, Key),
            ["other algorithm"] = SignWith(payload, SecurityAlgorithms.HmacSha512),
            ["other issuer"] = Sign(header, Changed(payload, "iss", "evil"), Key),
            ["no expiry"] = Sign(header, Without(payload, "exp"), Key),
            ["expired"] = Sign(header, Changed(payload, "exp", 1_000_000_000), Key),
            ["no session"] = Sign(header, Without(payload, "sid"), Key),
            ["unknown session"] = Sign(header, Changed(payload, "sid", "AAAAAAAAAAAAAAAAAAAAAA"), Key),
            ["other project"] = Sign(header, Changed(payload, "aud", other.Id), Key),
            ["no project"] = Sign(header, Without(payload, "aud"), Key),
            ["two projects"] = Sign(header, Changed(payload, "aud", new JsonArray(project.Id, other.Id)), Key),
            ["other user"] = Sign(header, Changed(payload, "sub", "bob"), Key),
        };
        foreach (var (what, token) in forgeries)
        {
            using var response = await (session with { AccessToken = token }).GetConversationsAsync();
            Assert.True(
                (int)response.StatusCode == 401, $"{what}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }

        await session.GetConversationsAsync().TextAsync();
    }

    [Fact]
    public async Task Token_InTheQuery_IsNotTaken()
    {
        var session = await (await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();

        await backends.App.Http.GetAsync("/api/v1/conversations?access_token=" + session.AccessToken).ProblemAsync("invalid_token");
    }

    [Fact]
    public async Task Token_TooLong_Is401()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/conversations");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", new string('x', 10_000));

        await backends.App.Http.SendAsync(request).ProblemAsync("invalid_token");
    }

    private static (JsonObject Header, JsonObject Payload, string Signature) Parts(string token)
    {
        var parts = token.Split('.');
        return (Decode(parts[0]), Decode(parts[1]), parts[2]);
    }

    private static JsonObject Decode(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject();

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static string Join(JsonObject header, JsonObject payload, string signature)
        => $"{Encode(header)}.{Encode(payload)}.{signature}";

    private static string Sign(JsonObject header, JsonObject payload, string key)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        var mac = System.Security.Cryptography.HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes(signed));
        return $"{signed}.{Base64Url.EncodeToString(mac)}";
    }

    private static string SignWith(JsonObject payload, string algorithm) => new JsonWebTokenHandler().CreateToken(
        payload.ToJsonString(),
        new SigningCredentials(new SymmetricSecurityKey(Convert.FromBase64String(Key)) { KeyId = "configured" }, algorithm));

    private static JsonObject Changed(JsonObject json, string name, JsonNode value)
    {
        var copy = json.DeepClone().AsObject();
        copy[name] = value;
        return copy;
    }

    private static JsonObject Without(JsonObject json, string name)
    {
        var copy = json.DeepClone().AsObject();
        copy.Remove(name);
        return copy;
    }
}
