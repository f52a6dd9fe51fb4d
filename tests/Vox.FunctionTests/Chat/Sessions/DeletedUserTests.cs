using Microsoft.AspNetCore.SignalR.Client;
using Vox.SignalREmulation;
using Vox.Tests.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Sessions;

public sealed class DeletedUserTests(Backends backends)
{
    [Fact]
    public async Task DeleteUser_WhileLoggedInAndConnected_EverythingOfTheirsStopsAtOnce()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        var session = await alice.LogInAsync();
        await using var live = await session.ConnectAsync();
        await alice.SendChatAsync("bob", "the password is remembered now");
        await session.SendMessageAsync("bob", "and the token");

        await project.DeleteUserAsync("alice").TextAsync();

        await alice.PostChatAsync("bob", "too late").VendorStatusErrorAsync(401);
        await session.PostAsync("/api/v1/messages", new { to = "bob", data = "too late" }).ProblemAsync("invalid_token");
        await session.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
        await alice.PostLogInAsync().ProblemAsync("invalid_credentials");
        await live.ClosedAsync();
        Assert.Equal(2, (await project.HistoryAsync()).Count);
        await bob.PostChatAsync("alice", "anybody there?").VendorStatusErrorAsync(404);
        await (await bob.LogInAsync())
            .PostAsync("/api/v1/messages", new { to = "alice", data = "anybody there?" }).ProblemAsync("recipient_not_found");
    }

    [Fact]
    public async Task DeleteUser_OthersKeepWhatWasSaid()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        await alice.SendChatAsync("bob", "remember me");

        await project.DeleteUserAsync("alice").TextAsync();

        var conversation = Assert.Single((await bob.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray());
        Assert.True(conversation.GetProperty("closed").GetBoolean());
        var page = await bob.GetJsonAsync("/api/v1/messages?conversation=" + conversation.GetProperty("conversation").GetString());
        Assert.Equal("remember me", page.GetProperty("messages")[0].GetProperty("data").GetString());
        Assert.Equal("remember me", Assert.Single(await project.HistoryAsync()).Data);
    }

    [Fact]
    public async Task CreateUser_WithTheNameOfADeletedOne_SeesNothingOfTheirs()
    {
        var project = await backends.App.CreateProjectAsync();
        var old = await project.CreateUserAsync("alice", "old password");
        var bob = await project.CreateUserAsync("bob");
        var oldSession = await old.LogInAsync();
        await old.SendChatAsync("bob", "old secret");
        await bob.SendChatAsync("alice", "old answer");
        var oldConversation = (await oldSession.GetJsonAsync("/api/v1/conversations"))
            .GetProperty("conversations")[0].GetProperty("conversation").GetString();
        await project.DeleteUserAsync("alice").TextAsync();

        var young = await project.CreateUserAsync("alice", "new password");

        var session = await young.LogInAsync();
        Assert.Equal(0, (await session.GetJsonAsync("/api/v1/conversations")).GetProperty("total").GetInt32());
        Assert.Empty((await session.GetJsonAsync("/api/v1/messages?with=bob")).GetProperty("messages").EnumerateArray());
        Assert.Empty((await session.PostJsonAsync("/api/v1/sync", new { })).GetProperty("conversations").EnumerateArray());
        await session.GetAsync("/api/v1/messages?conversation=" + oldConversation).ProblemAsync("not_found");
        await oldSession.GetConversationsAsync().ProblemAsync("invalid_token");
        await oldSession.PostRefreshAsync().ProblemAsync("invalid_refresh_token");
        await young.PostLogInAsync("old password").ProblemAsync("invalid_credentials");
    }

    [Fact]
    public async Task Connect_WithATokenOfADeletedUser_IsRefusedWhenAnotherHasTheName()
    {
        await using var signalR = await SignalREmulator.StartAsync(new SignalREmulatorOptions { Port = 0 }, CancellationToken.None);
        var clock = new ShiftedTime();
        clock.Advance(TimeSpan.FromMinutes(-1));
        await using var app = await VoxApp.StartAsync(backends, clock, ["AzureSignalRConnectionString=" + signalR.ConnectionString]);
        signalR.SetUpstream(new Uri(app.Address, "/runtime/webhooks/signalr?code=local-signalr-key").ToString());
        var project = await app.CreateProjectAsync();
        var old = await (await project.CreateUserAsync("alice")).LogInAsync();
        var channel = await old.PostJsonAsync(
            $"/api/v1/realtime/negotiate?u={Uri.EscapeDataString(old.RealtimeUser)}&negotiateVersion=1", new { });
        await project.DeleteUserAsync("alice").TextAsync();
        clock.Advance(TimeSpan.FromMinutes(1));
        var young = await (await project.CreateUserAsync("alice")).LogInAsync();

        await using var overhearing = new HubConnectionBuilder()
            .WithUrl(
                channel.GetProperty("url").GetString()!,
                options => options.AccessTokenProvider = () => Task.FromResult(channel.GetProperty("accessToken").GetString()))
            .Build();
        var closed = new TaskCompletionSource();
        overhearing.Closed += _ => Task.FromResult(closed.TrySetResult());
        try
        {
            await overhearing.StartAsync();
            await closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (Exception e) when (e is not TimeoutException)
        {
            // The connection was refused before it began, which is just as good.
        }

        Assert.Equal(HubConnectionState.Disconnected, overhearing.State);
        await using var live = await young.ConnectAsync();
        Assert.Equal(HubConnectionState.Connected, live.Connection.State);
    }

    [Fact]
    public async Task SendChat_ToAUserMadeAnew_BeginsANewConversation()
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        await bob.SendChatAsync("alice", "to the old one", "id-1");
        await project.DeleteUserAsync("alice").TextAsync();
        var young = await project.CreateUserAsync("alice");
        await using var live = await (await young.LogInAsync()).ConnectAsync();

        await bob.SendChatAsync("alice", "to the new one", "id-2");

        var message = await live.NextMessageAsync();
        Assert.Equal(("to the new one", 1), (message.GetProperty("data").GetString(), message.GetProperty("sequence").GetInt64()));
    }

    /// <summary>The other process remembers the recipient for half a minute, but what the conversation says decides.</summary>
    [Fact]
    public async Task SendChat_ToAUserDeletedThroughAnotherProcess_Is404WhereTheyHaveSpoken()
    {
        await using var app = await VoxApp.StartAsync(backends);
        await using var other = await VoxApp.StartAsync(backends, tablePrefix: app.TablePrefix);
        var project = await app.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        await bob.PostChatAsync("alice", "Hello", through: other).TextAsync();

        await project.DeleteUserAsync("alice").TextAsync();

        await bob.PostChatAsync("alice", "too late", through: other).VendorStatusErrorAsync(404);
        await project.CreateUserAsync("alice");
        await bob.PostChatAsync("alice", "to the new one", through: other).TextAsync();
        // The log of another process comes up to a second later.
        await other.SettleAsync(project.Id);
        Assert.Equal(["to the new one", "Hello"], (await project.HistoryAsync()).Select(row => row.Data));
    }

    /// <summary>The password of each REST call is checked against the stored row, so no process lets a deleted user send.</summary>
    [Fact]
    public async Task SendChat_BySomebodyDeletedThroughAnotherProcess_Is401AtOnce()
    {
        await using var app = await VoxApp.StartAsync(backends);
        await using var other = await VoxApp.StartAsync(backends, tablePrefix: app.TablePrefix);
        var project = await app.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        await alice.PostChatAsync("bob", "Hello", through: other).TextAsync();

        await project.DeleteUserAsync("alice").TextAsync();

        await alice.PostChatAsync("bob", "too late", through: other).VendorStatusErrorAsync(401);
    }
}
