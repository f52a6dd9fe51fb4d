using Vox.Tests.Fixture;

namespace Vox.Tests.Dependability;

/// <summary>Access tokens live for a minute here. The app never notices.</summary>
public sealed class TokenTests(Backends backends, Browser browser)
{
    private const string Refresh = "**/api/v1/sessions/refresh";

    [Fact]
    public async Task ExpiredAccessToken_CallsAndTheOldLiveConnection_WorkUnnoticed()
    {
        await using var app = await PrivateApp.StartAsync(backends, upstream: true, "Sessions:AccessMinutes=1");
        var project = await app.CreateProjectAsync("alice", "bob");
        await using var alice = await browser.LogInAsync(new TestUser(project, "alice", "secret"), app.Address);
        await using var bob = await browser.LogInAsync(new TestUser(project, "bob", "secret"), app.Address);
        await Task.WhenAll(alice.WaitUntilLiveAsync(), bob.WaitUntilLiveAsync());
        // As a machine that sleeps when the token should be renewed.
        await alice.Page.RouteAsync(Refresh, route => route.AbortAsync());
        await Task.Delay(TimeSpan.FromSeconds(63));
        await alice.Page.UnrouteAsync(Refresh);
        alice.Requests.Clear();
        bob.Requests.Clear();

        // Bob's was renewed in time.
        Assert.Equal(200, (await bob.CallAsync("chat.sendMessage", "alice", "still there?", 1, 0, ChatPage.Callback, true)).Code);
        Assert.DoesNotContain("POST /api/v1/sessions/refresh", bob.Requests);
        Assert.Equal("still there?", (await alice.WaitForEventAsync("NEW-MESSAGE")).GetProperty("data").GetString());
        Assert.DoesNotContain("POST /api/v1/realtime/negotiate", alice.Requests);

        Assert.Equal(200, (await alice.CallAsync("contacts.addContact", "bob")).Code);
        Assert.Equal(200, (await alice.CallAsync("chat.sendMessage", "bob", "yes", 1, 0, ChatPage.Callback, true)).Code);
        app.SignalR.DropAllConnections();
        await bob.CallAsync("chat.sendMessage", "alice", "and now?", 1, 0, ChatPage.Callback, true);
        await alice.WaitForEventAsync("NEW-MESSAGE", "p.data === 'and now?'");
    }

    [Fact]
    public async Task SessionEndedByTheServer_LogsInAgainByItself()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await using var page = await browser.LogInAsync(alice);
        await page.WaitUntilLiveAsync();
        await (await alice.LogInAsync()).PostAsync("/api/v1/sessions/logout", new { everywhere = true });

        // The call that finds out may fail, with a number; the next ones work.
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
}
