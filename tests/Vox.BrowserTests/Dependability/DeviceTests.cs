using Vox.Tests.Fixture;

namespace Vox.Tests.Dependability;

/// <summary>Several devices and tabs of one user, and clocks that are wrong.</summary>
public sealed class DeviceTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task TwoDevices_OwnMessagesIncomingMessagesAndReceipts_AreInStep()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await using var second = await browser.LogInAsync(new TestUser(couple.Project, "alice", "secret"));
        await second.WaitUntilLiveAsync();

        var sent = await couple.Alice.CallAsync("chat.sendMessage", "bob", "from the first", 1, true, ChatPage.Callback, true);
        await couple.Bob.WaitForEventAsync("NEW-MESSAGE");
        await couple.Bob.CallAsync("chat.sendMessage", "alice", "to both", 1, true, ChatPage.Callback, true);

        var own = await second.WaitForEventAsync("OWN-MESSAGE");
        Assert.Equal(("bob", "from the first"), (own.GetProperty("remoteUser").GetString(), own.GetProperty("data").GetString()));
        Assert.Equal(sent.Returned.GetProperty("id").GetString(), own.GetProperty("id").GetString());
        Assert.Equal("to both", (await couple.Alice.WaitForEventAsync("NEW-MESSAGE")).GetProperty("data").GetString());
        Assert.Equal("to both", (await second.WaitForEventAsync("NEW-MESSAGE")).GetProperty("data").GetString());
        await second.WaitForEventAsync("DELIVERED");
        Assert.Empty(await couple.Alice.SettledAsync("OWN-MESSAGE"));
        Assert.Empty(await second.SettledAsync("SENT"));
    }

    [Fact]
    public async Task NetworkBack_ConnectionThatSeemsUp_IsReplacedAtOnce()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        // The browser keeps existing connections open, as when a network fails silently.
        await couple.Alice.Page.Context.SetOfflineAsync(true);
        await couple.Alice.WaitForAsync("!navigator.onLine");
        Assert.Equal(1, await couple.Alice.EvaluateAsync<int>("CS.connectionState"));

        await couple.Alice.Page.RunAndWaitForRequestAsync(
            () => couple.Alice.Page.Context.SetOfflineAsync(false), "**/realtime/negotiate**");

        await couple.Alice.WaitUntilLiveAsync();
        await couple.Bob.CallAsync("chat.sendMessage", "alice", "Welcome back", 1, true, ChatPage.Callback, true);
        await couple.Alice.WaitForEventAsync("NEW-MESSAGE");
    }

    /// <summary>In milliseconds. Much less than the error of the clocks, and much more than the calls take on a busy machine.</summary>
    private const double Near = 120_000;

    [Theory]
    [InlineData(3_600_000)]
    [InlineData(-86_400_000)]
    public async Task SendMessage_ClockWrong_TimesAreTheServers(long skew)
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await using var bob = await browser.LogInAsync(await project.CreateUserAsync("bob"));
        await using var alice = await browser.OpenAsync(backends.App.Address);
        await alice.EvaluateAsync("skew => { const now = Date.now; Date.now = () => now.call(Date) + skew; }", skew);
        await alice.LogInAsync(new TestUser(project, "alice", "secret"));

        var answer = await alice.CallAsync("chat.sendMessage", "bob", "Hello", 1, true, ChatPage.Callback, true);

        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal(-skew, await alice.EvaluateAsync<double>("CS.timeOffset"), Near);
        Assert.Equal(now, answer.Returned.GetProperty("sentTime").GetInt64(), Near);
        Assert.Equal(now, (await bob.WaitForEventAsync("NEW-MESSAGE")).GetProperty("timestamp").GetInt64(), Near);
    }

    [Fact]
    public async Task PresenceUpdate_DisconnectEventLost_OfflineAfterTheLease()
    {
        await using var app = await PrivateApp.StartAsync(backends, upstream: false, "Presence:LeaseSeconds=6");
        var project = await app.CreateProjectAsync("alice", "bob");
        await using var alice = await browser.LogInAsync(new TestUser(project, "alice", "secret"), app.Address);
        await alice.CallAsync("contacts.addContact", "bob");
        var bob = await browser.LogInAsync(new TestUser(project, "bob", "secret"), app.Address);
        // The first heartbeat tells it, because no event of the service does.
        await alice.WaitForEventAsync("PresenceUpdate", "p.isOnline", 30);

        await bob.DisposeAsync();
        var gone = TimeProvider.System.GetUtcNow();
        // Users who are online hear of it: Alice has given a sign of life later than Bob.
        await (await alice.Page.WaitForRequestAsync("**/api/v1/presence")).ResponseAsync();
        await app.ExpirePresenceAsync(gone + TimeSpan.FromSeconds(6.001));

        await alice.WaitForEventAsync("PresenceUpdate", "p.user === 'bob' && !p.isOnline");
    }
}
