using Vox.SignalREmulation;
using Vox.Tests.Fixture;
using Vox.Tests.Webhooks;

namespace Vox.Tests;

/// <summary>
/// All that a customer's server does, in one walk, without any user's password: users, tokens, a page that logs in with them and renews
/// them, a message of the system live in the page, and webhooks that the public library verifies.
/// </summary>
public sealed class ServerWalkTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task Server_WithoutAnyPassword_ItsUsersChatInAPageAndItHearsOfIt()
    {
        var clock = new MovingClock();
        await using var receiver = await Receiver.StartAsync();
        await using var signalR = await SignalREmulator.StartAsync(
            new SignalREmulatorOptions { Port = 0, TimeProvider = clock }, CancellationToken.None);
        await using var app = await VoxApp.StartAsync(
            backends, clock, $"AzureSignalRConnectionString={signalR.ConnectionString}", "Outbound:AllowLoopback=true",
            "Projects:CacheSeconds=1");
        signalR.SetUpstream(new Uri(app.Address, "/runtime/webhooks/signalr?code=local-signalr-key").ToString());
        var server = await (await app.CreateProjectAsync()).CreateServerAsync();
        await server.UpsertAsync("alice", "bob");
        await server.PostJsonAsync("groups", new { id = "team", name = "Team", owner = "alice", members = (string[])["bob"] });
        var secret = (await server.PostJsonAsync("webhooks", new { url = receiver.Address, events = (string[])["message.sent"] }))
            .GetProperty("secret").GetString()!;
        await using var page = await OpenAsync(server);

        // The first token is for a minute. Its session goes on with a second one, over the same live connection.
        await page.Page.EvaluateAsync("() => start()");
        clock.Advance(TimeSpan.FromSeconds(50));
        await page.Page.RunAndWaitForResponseAsync(() => page.Page.Clock.FastForwardAsync(50_000), "**/api/v1/sessions/refresh");
        await page.Page.EvaluateAsync("() => until(() => log.includes('renewed'))");
        clock.Advance(TimeSpan.FromSeconds(13));

        // The server says something, and the page shows it; the page answers, and the server hears it.
        var said = await server.PostJsonAsync("messages", new { system = true, group = "team", data = "Closed at 18:00" });
        await page.Page.EvaluateAsync("() => until(() => log.includes('system: Closed at 18:00'))");
        await page.Page.EvaluateAsync("() => alice.send({ to: 'bob', data: 'Thanks' }).accepted");
        var told = new Dictionary<string, Received>(StringComparer.Ordinal);
        while (told.Count < 2)
        {
            var one = await receiver.NextAsync();
            told[one.Event.GetProperty("data").GetProperty("message").GetProperty("data").GetString()!] = one;
        }

        Assert.Equal(["Closed at 18:00", "Thanks"], told.Keys.Order(StringComparer.Ordinal));
        Assert.All(told.Values, one =>
        {
            one.Verify(secret);
            Assert.Equal("message.sent", one.Type);
        });
        Assert.ThrowsAny<Exception>(() => (told["Thanks"] with { Body = told["Thanks"].Body + " " }).Verify(secret));
        Assert.Equal(
            said.GetProperty("id").GetString(),
            told["Closed at 18:00"].Event.GetProperty("data").GetProperty("message").GetProperty("id").GetString());
        Assert.Equal(
            "alice", told["Thanks"].Event.GetProperty("data").GetProperty("message").GetProperty("from").GetString());
        var seen = await page.JsonAsync("({ log, asked })");
        Assert.DoesNotContain("ended", seen.GetProperty("log").GetRawText(), StringComparison.Ordinal);
        // A slow machine may have renewed once more.
        Assert.InRange(seen.GetProperty("asked").GetArrayLength(), 2, 4);
    }

    /// <summary>A page of the customer's site. Their server gives it tokens.</summary>
    private async Task<ChatPage> OpenAsync(TestServer server)
    {
        var context = await browser.NewContextAsync();
        await context.Clock.InstallAsync();
        await context.RouteAsync("http://customer.example/token/**", async route =>
        {
            var minted = await server.PostJsonAsync(
                $"users/{new Uri(route.Request.Url).Segments[^1]}/tokens", new { lifetimeSeconds = 60 });
            await route.FulfillAsync(new() { ContentType = "text/plain", Body = minted.GetProperty("token").GetString() });
        });
        return await ChatPage.OpenAsync(context, new Uri("http://customer.example"), $$"""
            <!doctype html><script type="module">
              import { ChatClient } from "{{server.App.Address}}js/calmsdk.mjs";
              window.log = [];
              window.asked = [];
              window.until = async condition => {
                for (const end = Date.now() + 120_000; !condition(); await new Promise(resolve => setTimeout(resolve, 20))) {
                  if (Date.now() > end) throw new Error(`Not within two minutes: ${condition}`);
                }
              };
              window.start = async () => {
                window.alice = new ChatClient({
                  server: "{{server.App.Address}}", projectId: "{{server.Project.Id}}",
                  tokenProvider: async () => {
                    asked.push("alice");
                    return (await fetch("/token/alice")).text();
                  },
                });
                alice.on("state", state => log.push(state));
                alice.on("sessionEnded", error => log.push(`ended ${error.reason}`));
                alice.on("renewed", () => log.push("renewed"));
                alice.on("message", message => log.push((message.system && message.from === "" ? "system: " : "") + message.data));
                await alice.logIn({});
                await until(() => log.includes("online"));
              };
            </script>
            """);
    }
}
