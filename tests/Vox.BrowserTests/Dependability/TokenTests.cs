using Vox.Chat.Model;
using Vox.Chat.Realtime;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.SignalREmulation;
using Vox.Tests.Fixture;

namespace Vox.Tests.Dependability;

/// <summary>Access tokens are valid for one minute here. The app never notices.</summary>
public sealed class TokenTests(Backends backends, Browser browser)
{
    private const string Refresh = "**/api/v1/sessions/refresh";

    [Fact]
    public async Task ExpiredAccessToken_CallsAndTheOldLiveConnection_WorkUnnoticed()
    {
        var clock = new MovingClock();
        await using var signalR = await SignalREmulator.StartAsync(
            new SignalREmulatorOptions { Port = 0, TimeProvider = clock }, CancellationToken.None);
        await using var app = await VoxApp.StartAsync(
            backends, clock, "Sessions:AccessMinutes=1", $"AzureSignalRConnectionString={signalR.ConnectionString}");
        signalR.SetUpstream(new Uri(app.Address, "/runtime/webhooks/signalr?code=local-signalr-key").ToString());
        var project = await app.CreateProjectAsync();
        var (aliceUser, bobUser) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        await using var alice = await browser.OpenAsync(app.Address);
        var awake = await browser.NewContextAsync();
        await awake.Clock.InstallAsync();
        await using var bob = await browser.OpenAsync(app.Address, awake);
        await Task.WhenAll(alice.LogInAsync(aliceUser), bob.LogInAsync(bobUser));
        await Task.WhenAll(alice.WaitUntilLiveAsync(), bob.WaitUntilLiveAsync());

        // Bob's page renews its token when three quarters of its lifetime are over.
        clock.Advance(TimeSpan.FromSeconds(50));
        await bob.Page.RunAndWaitForResponseAsync(() => awake.Clock.FastForwardAsync(50_000), Refresh);
        // Something has to come over the live connection. Otherwise the skipped time would make Bob's page believe that the connection is
        // dead.
        Assert.Equal(200, (await alice.CallAsync("chat.sendMessage", "bob", "hello", 1, true, ChatPage.Callback, true)).Code);
        await bob.WaitForEventAsync("NEW-MESSAGE");
        clock.Advance(TimeSpan.FromSeconds(13));
        await awake.Clock.FastForwardAsync(13_000);
        // Alice's page does not renew it, like a page on a sleeping machine: no timer has fired, but time has passed.
        await alice.EvaluateAsync("() => { const now = Date.now; Date.now = () => now.call(Date) + 63_000; }");
        alice.Requests.Clear();
        bob.Requests.Clear();

        Assert.Equal(200, (await bob.CallAsync("chat.sendMessage", "alice", "still there?", 1, true, ChatPage.Callback, true)).Code);
        Assert.DoesNotContain("POST /api/v1/sessions/refresh", bob.Requests);
        Assert.Equal("still there?", (await alice.WaitForEventAsync("NEW-MESSAGE")).GetProperty("data").GetString());
        Assert.DoesNotContain("POST /api/v1/realtime/negotiate", alice.Requests);

        Assert.Equal(200, (await alice.CallAsync("contacts.addContact", "bob")).Code);
        Assert.Contains("POST /api/v1/sessions/refresh", alice.Requests);
        Assert.Equal(200, (await alice.CallAsync("chat.sendMessage", "bob", "yes", 1, true, ChatPage.Callback, true)).Code);
        signalR.DropAllConnections();
        await bob.CallAsync("chat.sendMessage", "alice", "and now?", 1, true, ChatPage.Callback, true);
        await alice.WaitForEventAsync("NEW-MESSAGE", "p.data === 'and now?'");
    }

    [Fact]
    public async Task SessionEndedByTheServer_LogsInAgainByItself()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await using var page = await browser.LogInAsync(alice);
        await page.WaitUntilLiveAsync();
        var user = (await backends.App.Get<UserStore>().FindAsync(new(alice.Project.Id, "alice"), CancellationToken.None))!.Identity;
        foreach (var session in await backends.App.Get<SessionStore>().ListAsync(user, CancellationToken.None))
        {
            await backends.App.Get<LiveSessions>().EndAsync(user.Key, session.Id, CancellationToken.None);
        }

        // The first call that notices may fail with a number. The next calls work.
        for (var i = 0; i < 100; i++)
        {
            var answer = await page.CallAsync("contacts.getContacts");
            Assert.True(answer.IsCodeNumber);
            if (answer.Code == 200 && page.Requests.Contains("POST /api/v1/sessions/refresh"))
            {
                break;
            }

            await Task.Delay(500);
        }

        await page.WaitUntilLiveAsync();
        Assert.Equal(2, page.Requests.Count(r => r == "POST /api/v1/sessions"));
        Assert.Equal(200, (await page.CallAsync("chat.getPendingChat")).Code);
    }

    [Fact]
    public async Task SessionEndedWhileNothingIsCalled_TheLiveConnectionFindsOut()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var user = (await backends.App.Get<UserStore>().FindAsync(new(couple.Project.Id, "alice"), CancellationToken.None))!.Identity;
        foreach (var session in await backends.App.Get<SessionStore>().ListAsync(user, CancellationToken.None))
        {
            await backends.App.Get<LiveSessions>().EndAsync(user.Key, session.Id, CancellationToken.None);
        }

        await couple.Alice.Page.RunAndWaitForRequestAsync(
            () => backends.App.Get<SignalRServices>().CloseUserAsync(
                RealtimeUser.IdOf(user), CancellationToken.None),
            "**/api/v1/sessions");
        await couple.Bob.CallAsync("chat.sendMessage", "alice", "Still there?", 1, true, ChatPage.Callback, true);

        await couple.Alice.WaitForEventAsync("NEW-MESSAGE");
        Assert.Equal(2, couple.Alice.Requests.Count(r => r == "POST /api/v1/sessions"));
    }

    [Fact]
    public async Task LogOutEverywhere_OnAnotherDevice_ThisOneStaysLoggedOut()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await using var second = await browser.LogInAsync(new TestUser(couple.Project, "alice", "secret"));
        await second.WaitUntilLiveAsync();
        // This message is not sent any more, because the logout ends everything.
        await second.Page.RouteAsync("**/api/v1/messages", route => route.AbortAsync());
        await second.EvaluateAsync("CS.chat.sendMessage('bob', 'unsent', 1, true, () => {}, true)");

        Assert.Equal(200, (await couple.Alice.CallAsync("logout", new { everywhere = true }, ChatPage.Callback)).Code);

        // The connection is cut, the session is not renewed, and the password that the page knows is not used.
        await second.WaitForAsync("CS.localUser === null && CS.connectionState === 4");
        Assert.Equal(401, (await second.WaitForEventAsync("SENT")).GetProperty("status").GetInt32());
        Assert.Equal(401, (await second.CallAsync("contacts.getContacts")).Code);
        Assert.Single(second.Requests, r => r == "POST /api/v1/sessions");
        var requests = second.Requests.Count;
        await second.SettledAsync("NEW-MESSAGE", 2_000);
        Assert.Equal(requests, second.Requests.Count);

        await second.LogInAsync(new TestUser(couple.Project, "alice", "secret"));
        await second.WaitUntilLiveAsync();
    }
}
