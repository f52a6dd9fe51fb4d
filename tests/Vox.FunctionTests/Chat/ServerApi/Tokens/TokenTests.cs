using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Vox.Chat.Users;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.ServerApi;

public sealed class TokenTests(Backends backends)
{
    [Fact]
    public async Task LogIn_WithATokenOfTheServer_NeedsNoPasswordAndNoName()
    {
        var server = await NewAsync(backends.App);
        await server.UpsertAsync("alice", "bob");
        var token = await MintAsync(server, "alice");

        var alice = await LogInAsync(server, token);

        Assert.Equal("alice", alice.LoginId);
        await using var bob = await (await LogInAsync(server, await MintAsync(server, "bob"), "bob")).ConnectAsync();
        await alice.SendMessageAsync("bob", "Hello");
        Assert.Equal("Hello", (await bob.NextAsync("message")).GetProperty("data").GetString());
    }

    [Fact]
    public async Task Mint_ForAUserWhoDoesNotExist_Is404OrCreatesThem()
    {
        var server = await NewAsync(backends.App);

        await server.PostAsync("users/alice/tokens", new { }).ProblemAsync("user_not_found", "id");
        var lacking = await server.Project.CreateServerAsync("tokens:write");
        await lacking.PostAsync("users/alice/tokens", new { createUser = true }).ProblemAsync("missing_scope", "users:write");
        var minted = await server.PostJsonAsync("users/alice/tokens", new { createUser = true });

        Assert.Equal("alice", minted.GetProperty("userId").GetString());
        Assert.Equal("alice", (await LogInAsync(server, minted.GetProperty("token").GetString()!)).LoginId);
        await server.PostAsync("users/%20/tokens", new { createUser = true }).ProblemAsync("missing_field", "id");
    }

    [Theory]
    [InlineData("users/alice/tokens/revoke")]
    [InlineData("tokens/revoke")]
    public async Task Revoke_TimeBeforeThereWereTokens_IsRefused(string path)
    {
        var server = await NewAsync(backends.App);
        await server.UpsertAsync("alice");

        await server.PostAsync(path, new { before = "1960-01-01T00:00:00Z" }).ProblemAsync("invalid_field", "before");
        await server.PostAsync(path, new { before = "0001-01-01T00:00:00Z" }).ProblemAsync("invalid_field", "before");
    }

    [Theory]
    [InlineData(59)]
    [InlineData(86_401)]
    public async Task Mint_LifetimeOutOfRange_IsRefused(int lifetimeSeconds)
    {
        var server = await NewAsync(backends.App);
        await server.UpsertAsync("alice");

        await server.PostAsync("users/alice/tokens", new { lifetimeSeconds }).ProblemAsync("invalid_field", "lifetimeSeconds");
    }

    [Fact]
    public async Task Mint_RepeatedWithTheSameKey_AnswersAnotherTokenAndKeepsNone()
    {
        var server = await NewAsync(backends.App);
        await server.UpsertAsync("alice");

        var first = await server.PostJsonAsync("users/alice/tokens", new { }, "k");
        var second = await server.PostJsonAsync("users/alice/tokens", new { }, "k");

        Assert.NotEqual(first.GetProperty("token").GetString(), second.GetProperty("token").GetString());
        await LogInAsync(server, second.GetProperty("token").GetString()!);
        await server.PostAsync("users/alice/tokens", new { lifetimeSeconds = 60 }, "k").ProblemAsync("idempotency_key_reused");
        await foreach (var row in backends.App.Get<StorageClients>().Table("idempotency").EnumerateAsync(
            $"PartitionKey ge {server.Project.Id} and PartitionKey lt {server.Project.Id + "}"}", 10, CancellationToken.None))
        {
            Assert.DoesNotContain(row.Keys, name => name.StartsWith("Body", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task LogIn_TokensThatAreNotGood_Are401()
    {
        var server = await NewAsync(backends.App);
        await server.UpsertAsync("alice", "bob");
        var other = await NewAsync(backends.App);
        await other.UpsertAsync("alice");
        var good = await MintAsync(server, "alice");
        var session = await LogInAsync(server, good);
        var parts = good.Split('.');
        var none = Base64("""{"alg":"none","typ":"JWT"}""");
        foreach (var token in (string[])
        [
            "x", "a.b.c", good[..^2], $"{none}.{parts[1]}.", $"{none}.{parts[1]}.{parts[2]}", session.AccessToken, session.RefreshToken,
            await MintAsync(other, "alice"), server.Key, new string('x', 5_000),
        ])
        {
            await PostLogInAsync(server, token).ProblemAsync("invalid_login_token");
        }

        await PostLogInAsync(server, good, "bob").ProblemAsync("invalid_login_token", "loginId");
        // A token for the log-in opens nothing else.
        Assert.Equal(HttpStatusCode.Unauthorized, (await (session with { AccessToken = good }).GetConversationsAsync()).StatusCode);
        await server.SendAsync(HttpMethod.Delete, "users/alice").TextAsync(204);
        await server.UpsertAsync("alice");
        await PostLogInAsync(server, good).ProblemAsync("invalid_login_token");
        var next = await MintAsync(server, "alice");
        await server.PostJsonAsync("users/alice/disable");
        await PostLogInAsync(server, next).ProblemAsync("invalid_login_token");
        await server.PostAsync("users/alice/tokens", new { }).ProblemAsync("user_disabled", "id");
    }

    [Fact]
    public async Task Session_OfAToken_EndsWithItUnlessANewerOneTakesItFurther()
    {
        var clock = PortalApp.Clock();
        await using var app = await VoxApp.StartAsync(backends, clock);
        var server = await NewAsync(app);
        await server.UpsertAsync("alice", "bob");
        var token = await MintAsync(server, "alice", lifetimeSeconds: 1_200);
        var answer = await PostLogInAsync(server, token, deviceKey: Device).JsonAsync();
        Assert.InRange(answer.GetProperty("sessionExpiresIn").GetInt32(), 1_198, 1_200);
        Assert.Equal(900, answer.GetProperty("expiresIn").GetInt32());
        var session = TestSession.Of(app, answer) with { DeviceKey = Device };

        // A refresh does not make it longer, and its access token ends with it.
        clock.Advance(TimeSpan.FromMinutes(10));
        answer = await session.PostRefreshAsync().JsonAsync();
        Assert.InRange(answer.GetProperty("expiresIn").GetInt32(), 598, 600);
        session = TestSession.Of(app, answer) with { DeviceKey = Device };

        await PostRefreshAsync(app, session, await MintAsync(server, "bob")).ProblemAsync("invalid_login_token");
        answer = await PostRefreshAsync(app, session, await MintAsync(server, "alice", lifetimeSeconds: 3_600)).JsonAsync();
        Assert.InRange(answer.GetProperty("sessionExpiresIn").GetInt32(), 3_598, 3_600);
        session = TestSession.Of(app, answer) with { DeviceKey = Device };
        clock.Advance(TimeSpan.FromMinutes(55));
        session = TestSession.Of(app, await session.PostRefreshAsync().JsonAsync()) with { DeviceKey = Device };
        Assert.Equal(HttpStatusCode.OK, (await session.GetConversationsAsync()).StatusCode);
        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetConversationsAsync()).StatusCode);
        await session.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
        await PostLogInAsync(server, token).ProblemAsync("invalid_login_token");
    }

    [Fact]
    public async Task LogIn_SingleDevice_EndsTheOtherSessionsAndItsOwnStays()
    {
        var server = await NewAsync(backends.App);
        await server.UpsertAsync("alice");
        var many = await MintAsync(server, "alice");
        var (first, second) = (await LogInAsync(server, many), await LogInAsync(server, many));
        Assert.Equal(HttpStatusCode.OK, (await first.GetConversationsAsync()).StatusCode);

        var single = await MintAsync(server, "alice", singleDevice: true);
        var third = await LogInAsync(server, single);

        Assert.Equal(HttpStatusCode.Unauthorized, (await first.GetConversationsAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await second.GetConversationsAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await third.GetConversationsAsync()).StatusCode);
        for (var round = 0; round < 5; round++)
        {
            var racing = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
            {
                using var answer = await PostLogInAsync(server, single);
                return answer.IsSuccessStatusCode
                    ? TestSession.Of(backends.App, await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>())
                    : null;
            }));
            var alive = await Task.WhenAll(racing.OfType<TestSession>().Select(
                async session => (await session.GetConversationsAsync()).IsSuccessStatusCode));
            Assert.Single(alive, true);
        }
    }

    [Fact]
    public async Task Revoke_OfAUser_EndsWhatBeganBeforeOnEveryInstanceAndNothingElse()
    {
        var clock = PortalApp.Clock();
        await using var one = await VoxApp.StartAsync(backends, clock);
        await using var two = await SecondAsync(one, clock);
        var server = await NewAsync(one);
        await server.UpsertAsync("alice", "bob");
        var (alice, bob) = (await MintAsync(server, "alice"), await MintAsync(server, "bob"));
        var (old, others) = (await LogInAsync(server, alice), await LogInAsync(server, bob));
        Assert.Equal(HttpStatusCode.OK, (await (old with { App = two }).GetConversationsAsync()).StatusCode);
        clock.Advance(TimeSpan.FromSeconds(10));
        var before = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromSeconds(10));
        var young = await LogInAsync(server, alice);

        await server.PostJsonAsync("users/alice/tokens/revoke", new { before });

        await PostLogInAsync(server, alice).ProblemAsync("invalid_login_token");
        Assert.Equal(HttpStatusCode.Unauthorized, (await old.GetConversationsAsync()).StatusCode);
        await old.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
        Assert.Equal(HttpStatusCode.OK, (await young.GetConversationsAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await others.GetConversationsAsync()).StatusCode);
        await LogInAsync(server, bob);
        await LogInAsync(server, await MintAsync(server, "alice"));
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.Unauthorized, (await (old with { App = two }).GetConversationsAsync()).StatusCode);
        await server.PostAsync("users/alice/tokens/revoke", new { before = clock.GetUtcNow().AddMinutes(1) })
            .ProblemAsync("invalid_field", "before");
        // An earlier time does not bring anything back.
        var again = await server.PostJsonAsync("users/alice/tokens/revoke", new { before = before.AddHours(-1) });
        Assert.Equal(before, again.GetProperty("before").GetDateTimeOffset());
        await PostLogInAsync(server, alice).ProblemAsync("invalid_login_token");
    }

    [Fact]
    public async Task Revoke_OfAll_EndsTokensAndSessionsOfEverybodyOnEveryInstance()
    {
        var clock = PortalApp.Clock();
        await using var one = await VoxApp.StartAsync(backends, clock);
        await using var two = await SecondAsync(one, clock);
        var server = await NewAsync(one);
        var alice = await (await server.Project.CreateUserAsync("alice")).LogInAsync();
        await server.UpsertAsync("bob");
        var token = await MintAsync(server, "bob");
        var bob = await LogInAsync(server, token);
        Assert.Equal(HttpStatusCode.OK, (await (bob with { App = two }).GetConversationsAsync()).StatusCode);
        clock.Advance(TimeSpan.FromMilliseconds(5));

        await server.PostJsonAsync("tokens/revoke", new { });

        Assert.Equal(HttpStatusCode.Unauthorized, (await alice.GetConversationsAsync()).StatusCode);
        await alice.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
        await PostLogInAsync(server, token).ProblemAsync("invalid_login_token");
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(HttpStatusCode.Unauthorized, (await (bob with { App = two }).GetConversationsAsync()).StatusCode);
        await new TestUser(server.Project, "alice", "secret").LogInAsync();
        await LogInAsync(server, await MintAsync(server, "bob"));
    }

    [Fact]
    public async Task Revoke_WhileTheUserLogsIn_LeavesNoSessionFromBefore()
    {
        var server = await NewAsync(backends.App);
        await server.UpsertAsync("alice");
        for (var round = 0; round < 15; round++)
        {
            var token = await MintAsync(server, "alice");
            var logIn = PostLogInAsync(server, token);
            var revoked = server.PostJsonAsync("users/alice/tokens/revoke", new { });
            using var answer = await logIn;
            var before = (await revoked).GetProperty("before").GetDateTimeOffset();
            var users = backends.App.Get<UserService>();
            var user = (await users.FindNowAsync(await server.Project.ReadAsync(), "alice", CancellationToken.None))!;
            var sessions = await backends.App.Get<Vox.Chat.Sessions.SessionStore>().ListAsync(user.Identity, CancellationToken.None);
            Assert.All(sessions, session => Assert.True(session.CreatedAt >= before, $"{session.CreatedAt:O} before {before:O}"));
        }
    }

    private const string Device = "a-secret-of-this-device";

    private Task<VoxApp> SecondAsync(VoxApp first, FakeTimeProvider clock) => VoxApp.StartAsync(
        backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock), tablePrefix: first.TablePrefix);

    private static async Task<TestServer> NewAsync(VoxApp app) => await (await app.CreateProjectAsync()).CreateServerAsync();

    private static async Task<string> MintAsync(
        TestServer server, string user, int? lifetimeSeconds = null, bool singleDevice = false) =>
        (await server.PostJsonAsync($"users/{user}/tokens", new { lifetimeSeconds, singleDevice })).GetProperty("token").GetString()!;

    private static Task<HttpResponseMessage> PostLogInAsync(
        TestServer server, string token, string? loginId = null, string? deviceKey = null) =>
        server.App.Http.PostAsJsonAsync("/api/v1/sessions", new { projectId = server.Project.Id, token, loginId, deviceKey });

    private static async Task<TestSession> LogInAsync(TestServer server, string token, string? loginId = null) =>
        TestSession.Of(server.App, await PostLogInAsync(server, token, loginId).JsonAsync());

    private static Task<HttpResponseMessage> PostRefreshAsync(VoxApp app, TestSession session, string token) =>
        app.Http.PostAsJsonAsync(
            "/api/v1/sessions/refresh", new { refreshToken = session.RefreshToken, deviceKey = session.DeviceKey, token });

    private static string Base64(string json) =>
        System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
