using System.Net.Http.Json;
using Microsoft.Extensions.Time.Testing;
using Vox.Chat.Users;
using Vox.Portal.Accounts;
using Vox.Tests.Fixture;

namespace Vox.Tests.Sessions;

public sealed class RefreshTests(Backends backends) : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private VoxApp app = null!;
    private TestUser alice = null!;

    public async ValueTask InitializeAsync()
    {
        app = await VoxApp.StartAsync(backends, time);
        alice = await (await app.CreateProjectAsync()).CreateUserAsync("alice");
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Refresh_CurrentToken_GivesNewTokensOfTheSameSession()
    {
        var session = await alice.LogInAsync();
        time.Advance(TimeSpan.FromMinutes(1));

        var refreshed = await session.RefreshAsync();

        Assert.NotEqual(session.AccessToken, refreshed.AccessToken);
        Assert.NotEqual(session.RefreshToken, refreshed.RefreshToken);
        Assert.Equal(("alice", session.RealtimeUser), (refreshed.LoginId, refreshed.RealtimeUser));
        await refreshed.GetConversationsAsync().TextAsync();
        await refreshed.LogOutAsync();
        await session.GetConversationsAsync().ProblemAsync("invalid_token");
    }

    [Fact]
    public async Task Refresh_ManyTimesInARow_KeepsTheSessionAliveBeyondItsFirstLife()
    {
        var session = await alice.LogInAsync();
        for (var i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromDays(20));
            session = await session.RefreshAsync();
        }

        await session.GetConversationsAsync().TextAsync();
    }

    [Fact]
    public async Task Refresh_SessionNotUsedForItsWholeLife_IsRefused()
    {
        var session = await alice.LogInAsync();

        time.Advance(TimeSpan.FromDays(30));

        await session.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
    }

    [Fact]
    public async Task Refresh_AnswerLost_TheSameDeviceAsksAgainAndStaysLoggedIn()
    {
        var session = await alice.LogInAsync();
        await session.RefreshAsync();
        time.Advance(TimeSpan.FromSeconds(59));

        var second = await session.RefreshAsync();

        await second.GetConversationsAsync().TextAsync();
        var third = await second.RefreshAsync();
        await third.GetConversationsAsync().TextAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("the key of another device")]
    public async Task Refresh_TokenOfTheVictimWithoutTheirDevice_EndsTheSessionAndTheAuditLogSaysSo(string? key)
    {
        var session = await alice.LogInAsync();
        var victim = await session.RefreshAsync();

        await (session with { DeviceKey = key }).PostRefreshAsync().ProblemAsync("refresh_token_reused");

        await victim.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
        await victim.GetConversationsAsync().ProblemAsync("invalid_token");
        var audit = Assert.Single((await app.Get<AuditLog>().ReadProjectAsync(alice.Project.Id, null, CancellationToken.None)).Entries);
        Assert.Equal(("session.token_reused", "alice"), (audit.Action, audit.Who));
        await (await alice.LogInAsync()).GetConversationsAsync().TextAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("the key of the thief")]
    public async Task Refresh_ThiefIsFaster_TheSessionEndsAndTheVictimLearnsOfIt(string? key)
    {
        var session = await alice.LogInAsync();
        var thief = await (session with { DeviceKey = key }).RefreshAsync();

        // A thief without a key looks like a lost answer, until they come again. One with a key of their own is found out at once.
        using (await session.PostRefreshAsync())
        {
        }

        using (await thief.PostRefreshAsync())
        {
        }

        await thief.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
        await thief.GetConversationsAsync().ProblemAsync("invalid_token");
        await session.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
    }

    [Fact]
    public async Task Refresh_TokenOfLongAgo_EndsTheSession()
    {
        var stolen = await alice.LogInAsync();
        var session = await (await stolen.RefreshAsync()).RefreshAsync();

        await stolen.PostRefreshAsync().ProblemAsync("refresh_token_reused");

        await session.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
    }

    [Fact]
    public async Task Refresh_ClientWithoutADeviceKey_WorksButNeverTwice()
    {
        var session = await alice.LogInAsync() with { DeviceKey = null };
        using (var response = await alice.PostLogInAsync())
        {
            session = TestSession.Of(app, await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>());
        }

        var second = await session.RefreshAsync();
        await (await second.RefreshAsync()).GetConversationsAsync().TextAsync();
        await second.PostRefreshAsync().ProblemAsync("refresh_token_reused");
    }

    [Theory]
    [InlineData("short", "invalid_field")]
    [InlineData("long", "too_long")]
    public async Task LogInAndRefresh_DeviceKeyOfTheWrongLength_IsRefused(string key, string code)
    {
        key = key == "long" ? new string('k', 129) : key;

        await alice.PostLogInAsync(deviceKey: key).ProblemAsync(code, "deviceKey");
        await (await alice.LogInAsync() with { DeviceKey = key }).PostRefreshAsync().ProblemAsync(code, "deviceKey");
    }

    [Fact]
    public async Task Refresh_UserWasChangedMeanwhileAndTheirSessionsAreNotEndedYet_IsRefused()
    {
        var (reset, disabled) = (await alice.LogInAsync(), await (await alice.Project.CreateUserAsync("bob")).LogInAsync());
        var users = app.Get<UserService>();
        var project = await alice.Project.ReadAsync();
        await users.ChangeAsync(project, "alice", "another secret", null, CancellationToken.None);
        await users.ChangeAsync(project, "bob", null, true, CancellationToken.None);

        await reset.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
        await disabled.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
    }

    [Fact]
    public async Task Refresh_PreviousTokenAfterTheGrace_EndsTheSession()
    {
        var session = await alice.LogInAsync();
        var thief = await session.RefreshAsync();
        time.Advance(TimeSpan.FromSeconds(61));

        await session.PostRefreshAsync().ProblemAsync("refresh_token_reused");

        await thief.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
        await thief.GetConversationsAsync().ProblemAsync("invalid_token");
        await session.GetConversationsAsync().ProblemAsync("invalid_token");
        await (await alice.LogInAsync()).GetConversationsAsync().TextAsync();
    }

    [Fact]
    public async Task Refresh_SameTokenAtOnce_AllAnswersButTheLastTwoTokensAreVoid()
    {
        var session = await alice.LogInAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => session.PostRefreshAsync()));

        Assert.All(answers, answer => Assert.Equal(200, (int)answer.StatusCode));
        await session.PostRefreshAsync().TextAsync();
    }

    [Fact]
    public async Task Refresh_AfterLogout_IsRefused()
    {
        var session = await alice.LogInAsync();
        await session.LogOutAsync();

        await session.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c.d")]
    [InlineData("....")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA.pid_x.YQ.secret")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA.a/b\\c#d?e%f.YQ.secret")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA.pid_x.!!.secret")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA.pid_x._w.secret")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA.pid_x..secret")]
    public async Task Refresh_NoTokenOfOurs_IsRefused(string token)
    {
        await (await alice.LogInAsync() with { RefreshToken = token }).PostRefreshAsync().ProblemAsync("invalid_refresh_token");
    }

    [Fact]
    public async Task Refresh_LongLoginId_Works()
    {
        var longest = await alice.Project.CreateUserAsync(string.Concat(Enumerable.Repeat("漢", 85)) + "a");

        await (await (await longest.LogInAsync()).RefreshAsync()).GetConversationsAsync().TextAsync();
    }

    [Fact]
    public async Task Refresh_SecretOrSessionOfAnother_IsRefused()
    {
        var mine = (await alice.LogInAsync()).RefreshToken.Split('.');
        var session = await (await alice.Project.CreateUserAsync("mallory")).LogInAsync();
        var other = session.RefreshToken.Split('.');

        foreach (var mixed in new[] { $"{mine[0]}.{mine[1]}.{mine[2]}.{other[3]}", $"{other[0]}.{mine[1]}.{mine[2]}.{other[3]}" })
        {
            await (session with { RefreshToken = mixed }).PostRefreshAsync().ProblemAsync("invalid_refresh_token");
        }
    }
}
