using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Vox.Chat.ApiKeys;
using Vox.Chat.ChatLogs;
using Vox.Chat.Projects;
using Vox.Platform.Security;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Hostile;

/// <summary>Calls every endpoint with data that belongs to somebody else, as everybody but its owner.</summary>
public sealed class IsolationTests(PortalApp portal) : IClassFixture<PortalApp>
{
    /// <summary>
    /// Pages, health, what a log-in form must know of a project, and the endpoints that give a token to anybody with a password. Media
    /// addresses cannot be guessed (see MediaTests).
    /// </summary>
    private static readonly string[] Open =
        [
            "/{", "/api/{", "/js/", "/demo/", "/docs/", "/llms.txt", "/portal/", "/media/", "/api/health/", "/api/openapi.json",
            "/api/asyncapi.json", "/api/webhooks/schemas", "/api/webhooks/schemas/", "/api/v1/users",
            "/api/v1/sessions", "/api/v1/sessions/refresh", "/api/v1/projects/{"
        ];

    /// <summary>Operators' endpoints to which the values of a call with everything are too many, or need something made before.</summary>
    private static readonly string[] NeedMore =
        ["OperatorErase", "OperatorSetHold", "OperatorLiftHold", "OperatorGetExportLink", "GetRestore"];

    /// <summary>Operators' endpoints that an app refuses unless it is in restore mode.</summary>
    private static readonly string[] NeedRestoreMode = ["BeginRestore", "BeginFailover", "RebuildLog"];

    /// <summary>A new endpoint is of a kind that is tried here, or it is on this list because it is for everybody.</summary>
    [Fact]
    [Promise("VOX-H2")]
    public void EveryEndpoint_IsOfAKindThatIsTriedHereOrForEverybody() => Assert.All(
        Endpoint.All,
        endpoint => Assert.True(
            endpoint.IsClient || endpoint.IsServer || endpoint.IsVendor || endpoint.IsOperator || endpoint.IsPortal
                || Open.Any(open => open[^1] is '/' or '{'
                    ? endpoint.Route.StartsWith(open, StringComparison.Ordinal)
                    : endpoint.Route == open),
            endpoint.ToString()));

    [Fact]
    [Promise("VOX-H2")]
    public async Task ClientEndpoints_TokensThatAreNotGood_Are401()
    {
        using var victim = await VictimAsync();
        foreach (var (what, token) in await BadTokensAsync(victim))
        {
            foreach (var endpoint in Endpoint.All.Where(endpoint => endpoint.IsClient))
            {
                var answer = await CallAsync(victim, endpoint, request => Authorize(request, token));
                Assert.True(
                    answer.Status == 401 && answer.Body.Contains("\"invalid_token\"", StringComparison.Ordinal),
                    $"{endpoint} with {what}: {answer.Status} {answer.Body}");
            }
        }

        Assert.True(await victim.IsWholeAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Promise("VOX-H2")]
    public async Task ClientEndpoints_GoodTokenOfAnother_NeverShowOrChangeWhatIsNotTheirs(bool sameProject)
    {
        using var victim = await VictimAsync();
        var project = sameProject
            ? new TestProject(portal.App, victim.Values.ByName["projectid"], victim.Values.ByName["authtoken"])
            : await portal.App.CreateProjectAsync();
        var stranger = await (await project.CreateUserAsync("eve")).LogInAsync();
        var before = await StateAsync(victim);
        foreach (var endpoint in Endpoint.All.Where(endpoint => endpoint.IsClient))
        {
            var answer = await CallAsync(victim, endpoint, request => Authorize(request, stranger.AccessToken));
            Assert.True(answer.Status is >= 200 and < 500, $"{endpoint}: {answer.Status}");
            Assert.All(
                victim.Secrets,
                secret => Assert.False(
                    answer.Body.Contains(secret, StringComparison.Ordinal), $"{endpoint} shows {secret}: {answer.Body}"));
            if (endpoint.Route.Contains('{', StringComparison.Ordinal))
            {
                // To cancel an upload that is not there is not an error. The owner's upload must still be there, see below.
                Assert.True(
                    answer.Status is 401 or 403 or 404 || endpoint.Function == "CancelUpload"
                        // A cursor that is none is refused before anything is read.
                        || answer.Body.Contains("\"field\":\"cursor\"", StringComparison.Ordinal),
                    $"{endpoint}: {answer.Status} {answer.Body}");
            }
        }

        Assert.Equal(before, await StateAsync(victim));
    }

    [Fact]
    [Promise("VOX-H2")]
    public async Task ServerEndpoints_KeysThatAreNotGood_AreRefusedAndChangeNothing()
    {
        using var victim = await VictimAsync();
        var project = new TestProject(portal.App, victim.Values.ByName["projectid"], victim.Values.ByName["authtoken"]);
        var past = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        var expired = await project.CreateServerAsync(new ApiKeyDraft("expired", ApiScopes.All, [], past, "a test"));
        var elsewhere = await project.CreateServerAsync(new ApiKeyDraft("elsewhere", ApiScopes.All, ["203.0.113.7/32"], null, "a test"));
        var revoked = await project.CreateServerAsync();
        await revoked.GetJsonAsync("users");
        await portal.App.Get<ApiKeyService>().RevokeAsync(project.Id, revoked.KeyId, CancellationToken.None);
        var before = await StateAsync(victim);
        Assert.Contains(Endpoint.All, endpoint => endpoint.IsServer);
        var without = new Dictionary<string, TestServer>();
        foreach (var endpoint in Endpoint.All.Where(endpoint => endpoint.IsServer))
        {
            var lacking = without.GetValueOrDefault(endpoint.Scope)
                ?? await project.CreateServerAsync([.. ApiScopes.All.Where(scope => scope != endpoint.Scope)]);
            without[endpoint.Scope] = lacking;
            foreach (var (what, key, status, code) in ((string, string, int, string)[])
            [
                ("none", "", 401, "invalid_api_key"), ("expired", expired.Key, 401, "invalid_api_key"),
                ("revoked", revoked.Key, 401, "invalid_api_key"), ("a user's token", victim.AccessToken, 401, "invalid_api_key"),
                ("the auth token", project.Token, 401, "invalid_api_key"), ("another address", elsewhere.Key, 403, "address_not_allowed"),
                ("without the scope", lacking.Key, 403, "missing_scope"),
            ])
            {
                var answer = await CallAsync(victim, endpoint, request => Authorize(request, key));
                Assert.True(
                    answer.Status == status && answer.Body.Contains($"\"{code}\"", StringComparison.Ordinal),
                    $"{endpoint} with {what}: {answer.Status} {answer.Body}");
                Assert.True(
                    code != "missing_scope" || answer.Body.Contains(endpoint.Scope, StringComparison.Ordinal),
                    $"{endpoint}: {answer.Body}");
            }
        }

        Assert.Equal(before, await StateAsync(victim));
    }

    [Fact]
    [Promise("VOX-H2")]
    public async Task ServerEndpoints_KeyOfAnotherProject_NeverShowsOrChangesWhatIsNotItsOwn()
    {
        using var victim = await VictimAsync();
        var project = await portal.App.CreateProjectAsync();
        var stranger = await project.CreateServerAsync();
        var owner = new TestProject(portal.App, victim.Values.ByName["projectid"], victim.Values.ByName["authtoken"]);
        var own = await owner.CreateServerAsync();
        var users = (await own.GetJsonAsync("users")).GetRawText();
        var before = await StateAsync(victim);
        foreach (var endpoint in Endpoint.All.Where(endpoint => endpoint.IsServer))
        {
            var answer = await CallAsync(victim, endpoint, request => Authorize(request, stranger.Key));
            Assert.True(answer.Status is >= 200 and < 500, $"{endpoint}: {answer.Status}");
            Assert.All(victim.Secrets, secret => Assert.DoesNotContain(secret, answer.Body, StringComparison.Ordinal));
        }

        Assert.Equal(before, await StateAsync(victim));
        Assert.Equal(users, (await own.GetJsonAsync("users")).GetRawText());
    }

    [Fact]
    [Promise("VOX-H2")]
    public async Task VendorEndpoints_KeysOfTwoProjectsMixed_AreRefused()
    {
        using var victim = await VictimAsync();
        var other = await portal.App.CreateProjectAsync();
        await other.CreateUserAsync("ann", "another");
        await other.CreateUserAsync("bob", "another");
        var before = await StateAsync(victim);
        var mixes = new (string What, (string Name, string Value)[] Changes)[]
        {
            ("its project, another's token", [("authtoken", other.Token), ("pass", "another"), ("password", "another")]),
            ("another project, its token", [("projectid", other.Id)]),
            ("no token, another's password", [("authtoken", ""), ("pass", "another"), ("password", "another")]),
        };
        foreach (var (what, changes) in mixes)
        {
            foreach (var endpoint in Endpoint.All.Where(endpoint => endpoint.IsVendor))
            {
                var answer = await CallAsync(victim, endpoint, _ => { }, changes);
                Assert.True(answer.Status is 401 or 403 or 404, $"{endpoint} with {what}: {answer.Status} {answer.Body}");
                Assert.All(victim.Secrets, secret => Assert.DoesNotContain(secret, answer.Body, StringComparison.Ordinal));
            }
        }

        Assert.Equal(before, await StateAsync(victim));
    }

    [Fact]
    [Promise("VOX-H2")]
    public async Task PortalEndpoints_NobodyStrangersAndPagesOfOtherSites_NeverShowOrChangeAProject()
    {
        using var victim = await VictimAsync();
        using var stranger = await portal.NewDeveloperAsync();
        using var gone = await portal.NewDeveloperAsync();
        var (strangersCookie, goneCookie) = (CookieOf(stranger), CookieOf(gone));
        await gone.DoAsync(HttpMethod.Delete, "session");
        var before = await StateAsync(victim);
        foreach (var endpoint in Endpoint.All.Where(endpoint => endpoint.IsPortal && endpoint.Operation?.Anonymous != true))
        {
            await ExpectAsync("nobody", "", "", 401);
            await ExpectAsync("a session that has ended", goneCookie, gone.CsrfToken!, 401);
            await ExpectAsync("a made-up session", "vox-portal=nobody.AAAA", "x", 401);
            if (endpoint.Method != "GET")
            {
                await ExpectAsync("the owner, without the page's token", victim.Cookie, "", 403);
                await ExpectAsync("the owner, with a stranger's token", victim.Cookie, stranger.CsrfToken!, 403);
            }

            if (endpoint.Route.Contains("{projectId}", StringComparison.Ordinal))
            {
                await ExpectAsync("a stranger", strangersCookie, stranger.CsrfToken!, 404);
            }

            async Task ExpectAsync(string who, string cookie, string csrf, int status)
            {
                var answer = await CallAsync(victim, endpoint, request =>
                {
                    request.Headers.RemoveAll(header => header.Name is "Cookie" or "X-CSRF-Token");
                    request.Headers.Add(("Cookie", cookie));
                    request.Headers.Add(("X-CSRF-Token", csrf));
                });
                Assert.True(answer.Status == status, $"{endpoint} by {who}: {answer.Status} {answer.Body}");
                Assert.All(victim.Secrets, secret => Assert.DoesNotContain(secret, answer.Body, StringComparison.Ordinal));
            }
        }

        Assert.Equal(before, await StateAsync(victim));
    }

    [Fact]
    [Promise("VOX-H2")]
    public async Task OperatorEndpoints_EverybodyWithoutTheMasterKey_Are401()
    {
        using var victim = await VictimAsync();
        foreach (var endpoint in Endpoint.All.Where(endpoint => endpoint.IsOperator))
        {
            foreach (var (name, value) in ((string, string)[])
            [
                ("x-functions-key", ""), ("x-functions-key", "wrong"), ("x-functions-key", victim.Values.ByName["authtoken"]),
                ("Authorization", "Bearer " + victim.AccessToken), ("Cookie", victim.Cookie),
            ])
            {
                var answer = await CallAsync(victim, endpoint, request =>
                {
                    request.Headers.RemoveAll(header => header.Name == "x-functions-key");
                    request.Headers.Add((name, value));
                });
                Assert.True(answer.Status is 401 or 403, $"{endpoint} with {name} {value}: {answer.Status} {answer.Body}");
            }

            var good = await CallAsync(victim, endpoint, _ => { });
            Assert.True(
                good.Status is >= 200 and < 300 || (NeedMore.Contains(endpoint.Function) && good.Status is 400 or 404)
                || (NeedRestoreMode.Contains(endpoint.Function) && good.Status == 409),
                $"{endpoint} with the master key: {good.Status} {good.Body}");
        }
    }

    /// <summary>
    /// The calls with everything have a cursor that search refuses. So here it is asked as people ask, and its owner must find the text.
    /// </summary>
    [Fact]
    [Promise("VOX-H2")]
    public async Task Search_OfAnotherUserOrProject_NeverFindsWhatIsNotTheirs()
    {
        using var victim = await VictimAsync();
        var owner = new TestProject(portal.App, victim.Values.ByName["projectid"], victim.Values.ByName["authtoken"]);
        await portal.App.Get<ChatLogWriter>().DrainAsync(owner.Id);
        var elsewhere = await portal.App.CreateProjectAsync();
        await elsewhere.App.Get<ProjectService>().UpdateAsync(
            elsewhere.Id, stored => stored with { SearchEnabled = true }, CancellationToken.None);
        var marker = victim.Values.ByName["message"];
        var search = "/api/v1/search?q=" + marker;

        Assert.Equal(3, await FoundAsync(search, victim.AccessToken));
        Assert.Equal(3, await FoundAsync("/api/server/v1/search?q=" + marker, victim.ApiKey));
        foreach (var project in (TestProject[])[owner, elsewhere])
        {
            var stranger = await (await project.CreateUserAsync("eve")).LogInAsync();
            Assert.Equal(0, await FoundAsync(search, stranger.AccessToken));
            Assert.Equal(0, await FoundAsync($"{search} in:{victim.Values.ByName["conversation"]}", stranger.AccessToken));
            Assert.Equal(0, await FoundAsync($"{search} in:{victim.Values.ByName["group"]}", stranger.AccessToken));
        }

        Assert.Equal(0, await FoundAsync("/api/server/v1/search?q=" + marker, (await elsewhere.CreateServerAsync()).Key));

        async Task<int> FoundAsync(string path, string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new("Bearer", token);
            using var response = await portal.App.Http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, text);
            return System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(text).GetProperty("hits").GetArrayLength();
        }
    }

    private async Task<FuzzWorld> VictimAsync()
    {
        var victim = new FuzzWorld(portal.App, portal);
        await victim.RenewAsync();
        return victim;
    }

    private async Task<RawAnswer> CallAsync(
        FuzzWorld victim, Endpoint endpoint, Action<RawRequest> change, params (string Name, string Value)[] values)
    {
        var world = values.Length == 0 ? victim.Values : new Values(
            victim.Values.ByName.Where(pair => values.All(change => change.Name != pair.Key))
                .Concat(values.Select(v => KeyValuePair.Create(v.Name, v.Value))).ToDictionary());
        var (request, body) = victim.Good(endpoint, new DeterministicRandom(3), world, complete: true);
        change(request);
        request.Body = body is null ? null : Encoding.UTF8.GetBytes(body.ToJsonString());
        return await RawAnswer.OfAsync(portal.App.Address, Encoding.Latin1.GetBytes(request.ToText()));
    }

    private static void Authorize(RawRequest request, string token)
    {
        request.Headers.RemoveAll(header => header.Name == "Authorization");
        if (token.Length > 0)
        {
            request.Headers.Add(("Authorization", "Bearer " + token));
        }
    }

    /// <summary>What the victims see of their own data. Nobody else's call may change it.</summary>
    private async Task<string> StateAsync(FuzzWorld victim)
    {
        var session = new TestSession(portal.App, victim.AccessToken, "", "ann", victim.Values.ByName["u"]);
        var text = new StringBuilder();
        foreach (var path in (string[])[
            $"/api/v1/groups/{victim.Values.ByName["group"]}", $"/api/v1/messages?conversation={victim.Values.ByName["group"]}",
            "/api/v1/messages?with=bob",
            "/api/v1/contacts", "/api/v1/blocks", "/api/v1/profile"])
        {
            text.AppendLine((await session.GetJsonAsync(path)).GetRawText());
        }

        var upload = await session.PostJsonAsync($"/api/v1/files/{victim.Values.ByName["id"]}/renew", new { });
        return text.AppendLine(upload.GetProperty("key").GetString()).ToString();
    }

    private async Task<Dictionary<string, string>> BadTokensAsync(FuzzWorld victim)
    {
        var app = portal.App;
        var project = new TestProject(app, victim.Values.ByName["projectid"], victim.Values.ByName["authtoken"]);
        var other = await app.CreateProjectAsync();
        await other.CreateUserAsync("ann");
        var ended = await (await project.CreateUserAsync("ended")).LogInAsync();
        await ended.LogOutAsync();
        var deleted = await (await project.CreateUserAsync("deleted")).LogInAsync();
        using (await project.DeleteUserAsync("deleted"))
        {
        }

        var good = new JsonWebTokenHandler().ReadJsonWebToken(victim.AccessToken);
        var key = (await app.Get<SigningKeys>().FindAsync(good.Kid, CancellationToken.None))!;
        var negotiated = await new TestSession(app, victim.AccessToken, "", "ann", "").PostJsonAsync(
            $"/api/v1/realtime/negotiate?u={Uri.EscapeDataString(victim.Values.ByName["u"])}", new { });
        var parts = victim.AccessToken.Split('.');
        return new Dictionary<string, string>
        {
            ["none"] = "",
            ["alg none"] = $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            ["alg none, signed"] = $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.{parts[2]}",
            ["another audience"] = Sign(other.Id, 15),
            ["no such audience"] = Sign("pid_none", 15),
            ["expired"] = Sign(project.Id, -1),
            ["another key"] = Sign(project.Id, 15, new SymmetricSecurityKey(new byte[32]) { KeyId = good.Kid }),
            ["revoked"] = ended.AccessToken,
            ["of a deleted user"] = deleted.AccessToken,
            ["of the live channel"] = negotiated.GetProperty("accessToken").GetString()!,
            ["a refresh token"] = victim.Values.ByName["refreshtoken"],
        };

        static string Encode(string json) => Base64UrlEncoder.Encode(json);

        string Sign(string audience, int minutes, SecurityKey? by = null)
            => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
                new SecurityTokenDescriptor
                {
                    Issuer = good.Issuer,
                    Audience = audience,
                    Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(minutes),
                    Claims = good.Claims.Where(claim => claim.Type is "sub" or "uid" or "sid").ToDictionary(
                        claim => claim.Type, claim => (object)claim.Value),
                    SigningCredentials = new SigningCredentials(by ?? key, SecurityAlgorithms.HmacSha256),
                });
    }

    private static string CookieOf(PortalClient client) => client.Cookies.GetCookieHeader(client.Http.BaseAddress!);
}
