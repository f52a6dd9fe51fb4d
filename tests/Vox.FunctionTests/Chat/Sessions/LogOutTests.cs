using Microsoft.Extensions.Time.Testing;
using Vox.Chat.Sessions;
using Vox.Tests.Fixture;

namespace Vox.Tests.Sessions;

public sealed class LogOutTests(Backends backends)
{
    [Fact]
    public async Task LogOut_Here_EndsThisSessionOnly()
    {
        var alice = await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice");
        var here = await alice.LogInAsync();
        var there = await alice.LogInAsync();

        await here.LogOutAsync();

        await here.GetConversationsAsync().ProblemAsync("invalid_token");
        await here.PostAsync("/api/v1/sessions/logout").ProblemAsync("invalid_token");
        await there.GetConversationsAsync().TextAsync();
        await there.RefreshAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("{\"everywhere\":false}")]
    public async Task LogOut_BodyLeftOutOrEmpty_EndsThisSessionOnly(string? body)
    {
        var alice = await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice");
        var here = await alice.LogInAsync();
        var there = await alice.LogInAsync();

        await here.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/api/v1/sessions/logout")
        {
            Content = body is null ? null : RestCall.Raw(body),
        }).TextAsync(204);

        await here.GetConversationsAsync().ProblemAsync("invalid_token");
        await there.GetConversationsAsync().TextAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LogOut_Everywhere_EndsAllSessionsAndClosesLiveConnections(bool chunked)
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        var here = await alice.LogInAsync();
        var there = await alice.LogInAsync();
        await using var live = await here.ConnectAsync();
        await using var otherLive = await there.ConnectAsync();
        await using var bobLive = await bob.ConnectAsync();
        var request =
            new HttpRequestMessage(HttpMethod.Post, "/api/v1/sessions/logout") { Content = RestCall.Raw("{\"everywhere\":true}") };
        request.Headers.TransferEncodingChunked = chunked;

        await here.SendAsync(request).TextAsync(204);

        await here.GetConversationsAsync().ProblemAsync("invalid_token");
        await there.GetConversationsAsync().ProblemAsync("invalid_token");
        await there.PostRefreshAsync().ProblemAsync("logged_out_everywhere", "refreshToken");
        await (there with { RefreshToken = there.RefreshToken[..^4] + "AAAA" }).PostRefreshAsync().ProblemAsync("invalid_refresh_token");
        await live.ClosedAsync();
        await otherLive.ClosedAsync();
        await bob.SendMessageAsync("bob", "still here");
        await bobLive.NextMessageAsync();
        await (await alice.LogInAsync()).GetConversationsAsync().TextAsync();
    }

    [Fact]
    public async Task LogOut_EverywhereAgainAndAgain_LeavesABoundedNumberOfRows()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Sessions:MaxPerUser=2"]);
        var alice = await (await app.CreateProjectAsync()).CreateUserAsync("alice");
        for (var i = 0; i < 5; i++)
        {
            await (await alice.LogInAsync()).LogOutAsync(everywhere: true);
        }

        var last = await alice.LogInAsync();

        var rows = await app.Get<SessionStore>().ListAsync(last.Identity, CancellationToken.None);
        Assert.Equal(2, rows.Count(row => row.LoggedOut));
        Assert.Single(rows, row => !row.LoggedOut);
        await last.GetConversationsAsync().TextAsync();
    }

    [Fact]
    public async Task LogOut_ThroughAnotherProcess_EndsTheSessionWithinTheCachesTime()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await VoxApp.StartAsync(backends, time);
        await using var other = await VoxApp.StartAsync(backends, tablePrefix: app.TablePrefix);
        var session = await (await (await app.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();
        await session.GetConversationsAsync().TextAsync();

        await (session with { App = other }).LogOutAsync();
        time.Advance(TimeSpan.FromSeconds(31));

        await session.GetConversationsAsync().ProblemAsync("invalid_token");
    }

    [Theory]
    [InlineData("{", "application/json", "invalid_json")]
    [InlineData("{\"everywhere\":\"yes\"}", "application/json", "invalid_json")]
    [InlineData("everywhere=true", "application/x-www-form-urlencoded", "unsupported_media_type")]
    public async Task LogOut_BadBody_IsRefusedAndTheSessionGoesOn(string body, string contentType, string code)
    {
        var session = await (await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();

        await session.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/api/v1/sessions/logout") { Content = RestCall.Raw(body, contentType) })
            .ProblemAsync(code);

        await session.GetConversationsAsync().TextAsync();
    }
}
