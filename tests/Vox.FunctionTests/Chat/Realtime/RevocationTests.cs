using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.SignalREmulation;
using Vox.Tests.Fixture;

namespace Vox.Tests.Realtime;

/// <summary>Whoever has lost their session hears nothing more, whatever they have kept of it.</summary>
public sealed class RevocationTests(Backends backends) : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private SignalREmulator service = null!;
    private VoxApp app = null!;

    public enum End
    {
        LogOut,
        LogOutEverywhere,
        PasswordReset,
        Disabled,
        Deleted,
    }

    public async ValueTask InitializeAsync()
    {
        // With the real clock: to a clock that jumps, every connection would be silent for too long.
        service = await SignalREmulator.StartAsync(new SignalREmulatorOptions { Port = 0 }, CancellationToken.None);
        app = await VoxApp.StartAsync(backends, time, ["AzureSignalRConnectionString=" + service.ConnectionString]);
        service.SetUpstream(new Uri(app.Address, "/runtime/webhooks/signalr?code=local-signalr-key").ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await service.DisposeAsync();
    }

    [Theory]
    [InlineData(End.LogOut)]
    [InlineData(End.LogOutEverywhere)]
    [InlineData(End.PasswordReset)]
    [InlineData(End.Disabled)]
    [InlineData(End.Deleted)]
    public async Task SessionEnds_OpenConnectionAndKeptToken_HearNothingAndShowNobodyOnline(End end)
    {
        var project = await app.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        var session = await alice.LogInAsync();
        await using var open = await session.ConnectAsync();
        var kept = await NegotiateAsync(session);

        await EndAsync(end, session);

        await open.ClosedAsync();
        await AssertRefusedAsync(kept);
        await OfflineAsync(session);
        using var sent = await bob.PostAsync("/api/v1/messages", new { to = "alice", data = "only for you" });
        Assert.False(open.Has("message"));
    }

    [Fact]
    public async Task LogOut_OnOneDevice_TheOtherGoesOnListening()
    {
        var alice = await (await app.CreateProjectAsync()).CreateUserAsync("alice");
        var (here, there) = (await alice.LogInAsync(), await alice.LogInAsync());
        await using var closing = await here.ConnectAsync();
        await using var open = await there.ConnectAsync();

        await here.LogOutAsync();

        await closing.ClosedAsync();
        await there.SendMessageAsync("alice", "still here");
        await open.NextMessageAsync();
    }

    [Fact]
    public async Task Negotiate_TokenAndTicket_LiveForMinutesAndTheOpenConnectionStays()
    {
        var alice = await (await app.CreateProjectAsync()).CreateUserAsync("alice");
        var session = await alice.LogInAsync();
        await using var open = await session.ConnectAsync();
        var kept = await NegotiateAsync(session);
        var token = new JsonWebTokenHandler().ReadJsonWebToken(kept.GetProperty("accessToken").GetString());
        Assert.InRange(token.ValidTo - time.GetUtcNow().UtcDateTime, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));

        time.Advance(TimeSpan.FromMinutes(6));

        await AssertRefusedAsync(kept);
        await session.SendMessageAsync("alice", "the old connection hears it");
        await open.NextMessageAsync();
        await using var again = await session.ConnectAsync();
        await session.SendMessageAsync("alice", "and so does a new one");
        await again.NextMessageAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("&ticket=")]
    [InlineData("&ticket=a.b.c")]
    [InlineData("access token")]
    [InlineData("of another user")]
    public async Task Connect_WithoutATicketOfOnesOwn_IsRefused(string ticket)
    {
        var project = await app.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var mallory = await (await project.CreateUserAsync("mallory")).LogInAsync();
        var (own, foreign) = (await NegotiateAsync(alice), await NegotiateAsync(mallory));
        var address = own.GetProperty("url").GetString()!;
        var bare = address[..address.IndexOf("&ticket=", StringComparison.Ordinal)];
        var other = foreign.GetProperty("url").GetString()!;
        var added = ticket switch
        {
            "access token" => "&ticket=" + alice.AccessToken,
            "of another user" => other[other.IndexOf("&ticket=", StringComparison.Ordinal)..],
            _ => ticket,
        };

        await AssertRefusedAsync(bare + added, own.GetProperty("accessToken").GetString()!);

        Assert.False(await app.Get<PresenceStore>().IsOnlineAsync(alice.Identity, CancellationToken.None));
    }

    [Fact]
    public async Task LogOut_ServiceDoesNotAnswer_ConnectionIsClosedWhenItsLeaseIsOver()
    {
        var alice = await (await app.CreateProjectAsync()).CreateUserAsync("alice");
        var session = await alice.LogInAsync();
        await using var open = await session.ConnectAsync();
        service.Intercept = async context =>
        {
            context.Response.StatusCode = 503;
            await context.Response.CompleteAsync();
            return true;
        };
        await session.LogOutAsync();
        service.Intercept = null;
        Assert.Equal(HubConnectionState.Connected, open.Connection.State);

        time.Advance(TimeSpan.FromMinutes(4));
        await app.Get<PresenceService>().ExpireAsync(CancellationToken.None);

        await open.ClosedAsync();
    }

    [Fact]
    public async Task ConnectedEventLost_SignOfLife_PutsTheConnectionUnderItsSession()
    {
        service.SetUpstream();
        var session = await (await (await app.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();
        await using var open = await session.ConnectAsync();
        await session.PostJsonAsync("/api/v1/presence", new { connection = open.Connection.ConnectionId });

        await session.LogOutAsync();

        await open.ClosedAsync();
    }

    private async Task EndAsync(End end, TestSession session)
    {
        var project = await app.Get<ProjectService>().GetAsync(session.Identity.ProjectId, CancellationToken.None);
        switch (end)
        {
            case End.LogOut or End.LogOutEverywhere:
                await session.LogOutAsync(end == End.LogOutEverywhere);
                break;
            case End.Deleted:
                var found = await app.Get<UserStore>().FindAsync(session.Identity.Key, CancellationToken.None);
                await app.Get<UserRemoval>().RemoveAsync(found!, CancellationToken.None);
                break;
            default:
                var changed = await app.Get<UserService>().ChangeAsync(
                    project, session.LoginId, end == End.PasswordReset ? "another secret" : null, end == End.Disabled ? true : null,
                    CancellationToken.None);
                await app.Get<SessionEnding>().EndAllAsync(changed.Identity, CancellationToken.None);
                break;
        }
    }

    /// <summary>Completes when the service's event about the end has arrived; fails after ten seconds.</summary>
    private async Task OfflineAsync(TestSession session)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await app.Get<PresenceStore>().IsOnlineAsync(session.Identity, limit.Token))
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private static Task<JsonElement> NegotiateAsync(TestSession session) => session.PostJsonAsync(
        $"/api/v1/realtime/negotiate?u={Uri.EscapeDataString(session.RealtimeUser)}&negotiateVersion=1", new { });

    private static Task AssertRefusedAsync(JsonElement channel) =>
        AssertRefusedAsync(channel.GetProperty("url").GetString()!, channel.GetProperty("accessToken").GetString()!);

    private static async Task AssertRefusedAsync(string url, string token)
    {
        await using var connection = new HubConnectionBuilder()
            .WithUrl(url, options => options.AccessTokenProvider = () => Task.FromResult<string?>(token))
            .Build();
        await Assert.ThrowsAnyAsync<Exception>(() => connection.StartAsync());
    }
}
