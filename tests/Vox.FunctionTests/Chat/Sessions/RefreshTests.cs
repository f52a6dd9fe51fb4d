using Microsoft.Extensions.Time.Testing;
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
    public async Task Refresh_PreviousTokenWithinTheGrace_WorksAgain()
    {
        var session = await alice.LogInAsync();
        var lost = await session.RefreshAsync();
        time.Advance(TimeSpan.FromSeconds(59));

        var second = await session.RefreshAsync();

        await second.GetConversationsAsync().TextAsync();
        await second.RefreshAsync();
        await lost.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
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
