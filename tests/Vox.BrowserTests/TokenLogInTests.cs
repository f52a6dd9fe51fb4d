using Vox.SignalREmulation;
using Vox.Tests.Fixture;

namespace Vox.Tests;

/// <summary>A customer's server without any user's password, and pages that log in with the tokens that it gets.</summary>
public sealed class TokenLogInTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task LogIn_TokenProvider_SessionGoesOnWithNewTokensAndMessagesArrive()
    {
        var clock = new MovingClock();
        await using var signalR = await SignalREmulator.StartAsync(
            new SignalREmulatorOptions { Port = 0, TimeProvider = clock }, CancellationToken.None);
        await using var app = await VoxApp.StartAsync(backends, clock, $"AzureSignalRConnectionString={signalR.ConnectionString}");
        signalR.SetUpstream(new Uri(app.Address, "/runtime/webhooks/signalr?code=local-signalr-key").ToString());
        var server = await (await app.CreateProjectAsync()).CreateServerAsync();
        await server.UpsertAsync("alice", "bob");
        await server.PostJsonAsync("groups", new { id = "team", name = "Team", owner = "alice", members = (string[])["bob"] });
        await using var page = await OpenAsync(server, lifetimeSeconds: 60);
        await page.Page.EvaluateAsync("""
            async () => {
              window.log = [];
              window.alice = client({ tokenProvider: () => token("alice") });
              alice.on("state", state => log.push(state));
              alice.on("sessionEnded", error => log.push(`ended ${error.reason}`));
              alice.on("renewed", () => log.push("renewed"));
              alice.on("message", message => log.push((message.system && message.from === "" ? "system: " : "") + message.data));
              await alice.logIn({});
              await until(() => log.includes("online"));
            }
            """);

        clock.Advance(TimeSpan.FromSeconds(50));
        await page.Page.RunAndWaitForResponseAsync(() => page.Page.Clock.FastForwardAsync(50_000), "**/api/v1/sessions/refresh");
        await page.Page.EvaluateAsync("() => until(() => log.includes('renewed'))");
        // The first token has ended by now.
        clock.Advance(TimeSpan.FromSeconds(13));
        await server.PostJsonAsync("messages", new { from = "bob", to = "alice", data = "Hello" });
        await page.Page.EvaluateAsync("() => until(() => log.includes('Hello'))");
        await server.PostJsonAsync("messages", new { system = true, group = "team", data = "Closed at 18:00" });
        await page.Page.EvaluateAsync("() => until(() => log.includes('system: Closed at 18:00'))");

        var seen = await page.JsonAsync("alice.profile().then(profile => ({ log, asked, who: profile.loginId }))");
        // The skip of the clock makes the page think that it was asleep, so it may connect anew.
        var log = seen.GetProperty("log").EnumerateArray().Select(entry => entry.GetString()!).ToList();
        Assert.Equal(["connecting", "online"], log[..2]);
        Assert.Contains("renewed", log);
        Assert.Equal(1, log.Count(entry => entry == "Hello"));
        Assert.DoesNotContain(log, entry => entry.StartsWith("ended", StringComparison.Ordinal));
        Assert.Equal("""["alice","alice"]""", seen.GetProperty("asked").GetRawText());
        Assert.Equal("alice", seen.GetProperty("who").GetString());
    }

    [Fact]
    public async Task LogIn_SessionIsRevoked_TheProviderIsAskedAndNothingIsLost()
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        await server.UpsertAsync("alice", "bob");
        await using var page = await OpenAsync(server, lifetimeSeconds: 3_600);
        await page.Page.ExposeFunctionAsync("revoke", async () =>
        {
            await server.PostJsonAsync("users/alice/tokens/revoke", new { });
            return true;
        });

        var seen = await page.JsonAsync("""
            (async () => {
              const alice = client({ tokenProvider: () => token("alice") });
              let ended = 0;
              alice.on("sessionEnded", () => ended++);
              await alice.logIn({});
              await revoke();
              await alice.send({ to: "bob", data: "Still here" }).accepted;
              const page = await alice.messages({ with: "bob" });
              return { ended, data: page.messages.map(message => message.data), asked };
            })()
            """);

        Assert.Equal(0, seen.GetProperty("ended").GetInt32());
        Assert.Equal("""["Still here"]""", seen.GetProperty("data").GetRawText());
        Assert.Equal("""["alice","alice"]""", seen.GetProperty("asked").GetRawText());
    }

    [Fact]
    public async Task LoginWithToken_TheTokenOrAFunction_LogsInAndAnythingElseIs401()
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        await server.UpsertAsync("alice");
        var token = (await server.PostJsonAsync("users/alice/tokens", new { })).GetProperty("token").GetString()!;
        await using var page = await browser.OpenAsync(backends.App.Address);
        Assert.Equal(200, (await page.CallAsync("initialize", new { appId = server.Project.Id }, ChatPage.Callback)).Code);

        Assert.Equal(401, (await page.CallAsync("loginWithToken", "alice", token + "x")).Code);
        Assert.Equal(401, (await page.CallAsync("loginWithToken", "bob", token)).Code);
        Assert.Equal(200, (await page.CallAsync("loginWithToken", "alice", token)).Code);
        await page.WaitUntilLiveAsync();
        var asked = await page.JsonAsync($$"""
            new Promise(resolve => CS.logout(() => CS.loginWithToken("", async () => "{{token}}", code => resolve([code, CS.localUser]))))
            """);

        Assert.Equal("""[200,"alice"]""", asked.GetRawText());
    }

    /// <summary>A page of a customer's site. Its server gives it tokens.</summary>
    private async Task<ChatPage> OpenAsync(TestServer server, int lifetimeSeconds)
    {
        var context = await browser.NewContextAsync();
        await context.Clock.InstallAsync();
        await context.RouteAsync("http://customer.example/token/**", async route =>
        {
            var user = new Uri(route.Request.Url).Segments[^1];
            var minted = await server.PostJsonAsync($"users/{user}/tokens", new { lifetimeSeconds });
            await route.FulfillAsync(new() { ContentType = "text/plain", Body = minted.GetProperty("token").GetString() });
        });
        return await ChatPage.OpenAsync(context, new Uri("http://customer.example"), $$"""
            <!doctype html><script type="module">
              import { ChatClient } from "{{server.App.Address}}js/calmsdk.mjs";
              window.client = options => new ChatClient({ server: "{{server.App.Address}}", projectId: "{{server.Project.Id}}", ...options });
              window.asked = [];
              window.token = async user => {
                asked.push(user);
                return (await fetch(`/token/${user}`)).text();
              };
              window.until = async condition => {
                for (const end = Date.now() + 120_000; !condition(); await new Promise(resolve => setTimeout(resolve, 20))) {
                  if (Date.now() > end) throw new Error(`Not within two minutes: ${condition}`);
                }
              };
            </script>
            """);
    }
}
