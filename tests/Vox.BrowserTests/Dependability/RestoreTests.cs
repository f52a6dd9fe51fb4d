using Vox.DevHost.DevTools;
using Vox.SignalREmulation;
using Vox.Tests.Fixture;

namespace Vox.Tests.Dependability;

/// <summary>A server that was restored from a backup has lost messages that its clients have seen.</summary>
public sealed class RestoreTests(Backends backends, Browser browser, SecondAccount second) : IClassFixture<SecondAccount>
{
    [Fact]
    [Promise("VOX-R7")]
    public async Task Restore_OfLessThanClientsHaveSeen_NewMessagesWithSequencesThatWereSeenAreShown()
    {
        var world = new BackupWorld(backends, second);
        await using var signalR = await SignalREmulator.StartAsync(
            new SignalREmulatorOptions { Port = 0, TimeProvider = world.Clock }, CancellationToken.None);
        string[] settings = [$"VOX_PORT={FreePort.Find()}", "AzureSignalRConnectionString=" + signalR.ConnectionString];
        ChatPage alice, bob;
        TestProject project;
        await using (var app = await world.StartAsync(null, settings))
        {
            Report(app);
            project = await app.CreateProjectAsync();
            var users = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
            (alice, bob) = (await browser.LogInAsync(users.Item1), await browser.LogInAsync(users.Item2));
            await Task.WhenAll(alice.WaitUntilLiveAsync(), bob.WaitUntilLiveAsync());
            await SayAsync(alice, "bob", "one");
            await ShownAsync(bob, "one");
            await world.ExportAsync(app);
            await SayAsync(alice, "bob", "two that is lost");
            await SayAsync(bob, "alice", "three that is lost");
            await ShownAsync(alice, "three that is lost");
            await ShownAsync(bob, "two that is lost");
        }

        await using var ofAlice = alice;
        await using var ofBob = bob;
        await world.RestoreAsync();
        await using var restored = await world.StartRestoredAsync(settings);
        Report(restored);

        // Somebody is faster than the pages, which still believe that there were three messages.
        var other = await new TestUser(project with { App = restored }, "alice", "secret").LogInAsync();
        await other.SendMessageAsync("bob", "two");
        await other.SendMessageAsync("bob", "three");
        await other.SendMessageAsync("bob", "four");
        await Task.WhenAll(ShownAsync(bob, "two"), ShownAsync(bob, "three"), ShownAsync(bob, "four"));
        await SayAsync(bob, "alice", "five");
        await ShownAsync(alice, "five");
        await SayAsync(alice, "bob", "six");
        await ShownAsync(bob, "six");

        Assert.Equal(
            ["one", "two that is lost", "two", "three", "four", "six"],
            (await bob.SettledAsync("NEW-MESSAGE")).Select(message => message.GetProperty("data").GetString()));
        Assert.Equal(
            ["three that is lost", "five"],
            (await alice.SettledAsync("NEW-MESSAGE")).Select(message => message.GetProperty("data").GetString()));
        foreach (var page in new[] { alice, bob })
        {
            Assert.Equal(1, (await page.WaitForEventAsync("RESTORED")).GetProperty("lastSequence").GetInt32());
        }

        // The receipts are those of the new messages.
        await alice.WaitForEventsAsync("DELIVERED", 3);

        void Report(VoxApp app) =>
            signalR.SetUpstream(new Uri(app.Address, "/runtime/webhooks/signalr?code=local-signalr-key").ToString());
    }

    private static async Task SayAsync(ChatPage page, string to, string text) => Assert.Equal(
        200, (await page.CallAsync("chat.sendMessage", to, text, 1, true, ChatPage.Callback, true)).Code);

    private static Task ShownAsync(ChatPage page, string text) => page.WaitForEventAsync("NEW-MESSAGE", $"p.data === '{text}'", 60);
}
