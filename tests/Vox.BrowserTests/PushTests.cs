using System.Text.Json;
using Microsoft.Playwright;
using Vox.Chat.Devices;
using Vox.Chat.People;
using Vox.Chat.Push;
using Vox.Tests.Fixture;

namespace Vox.Tests;

/// <summary>The service worker in a real Chromium. Only the push service itself, which is the browser maker's, is not there.</summary>
public sealed class PushTests(Backends backends, Browser browser)
{
    private const string Register = """
        async ([server, projectId, loginId, password]) => {
          const { ChatClient } = await import("/js/calmsdk.mjs");
          const { voxPush } = await import("/js/vox-push.mjs");
          // The browser maker's service cannot be reached from here.
          const bytes = new Uint8Array([4, ...Array(64).fill(0)]);
          const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
          const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
          const text = (value) => btoa(String.fromCharCode(...value)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
          PushManager.prototype.subscribe = async function (options) {
            window.subscribedWith = options;
            return { toJSON: () => ({ endpoint: "https://push.example.com/1", keys: { p256dh: text(point), auth: text(bytes.slice(0, 16)) } }) };
          };
          PushManager.prototype.getSubscription = async () => null;
          const client = new ChatClient({ server, projectId });
          await client.logIn(loginId, password);
          return await voxPush.register({ server, accessToken: () => client.accessToken(), worker: "/js/vox-push-sw.js", reports: true, language: "de" });
        }
        """;

    private const string Listen = """
        async () => {
          const { voxPush } = await import("/js/vox-push.mjs");
          window.opened = [];
          voxPush.onOpen((message) => window.opened.push(message.to));
          window.voxPush = voxPush;
        }
        """;

    [Fact]
    public async Task Push_DeliveredByTheBrowser_ShowsOncePerConversationAndAClickOpensIt()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var app = backends.App.Address;
        await using var context = await browser.NewContextAsync();
        await context.GrantPermissionsAsync(["notifications"], new() { Origin = app.GetLeftPart(UriPartial.Authority) });
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(app, "/demo/").ToString());
        var id = await page.EvaluateAsync<string>(
            Register, new[] { app.GetLeftPart(UriPartial.Authority), project.Id, "alice", alice.Password });

        // The server has it, with the key that the page subscribed with.
        var session = await alice.LogInAsync();
        var device = Assert.Single((await session.GetJsonAsync("/api/v1/devices")).GetProperty("devices").EnumerateArray());
        Assert.Equal((id, "web", "de"), (Text(device, "id"), Text(device, "kind"), Text(device, "language")));
        Assert.Equal(
            Text(await session.GetJsonAsync("/api/v1/devices/web-key"), "publicKey"),
            await page.EvaluateAsync<string>("() => subscribedWith.applicationServerKey"));

        // The user has left the chat. To the test's Chromium all its pages are in front, so this one must be elsewhere.
        await page.GotoAsync("about:blank");
        var tools = await context.NewCDPSessionAsync(page);
        var registration = new TaskCompletionSource<string>();
        tools.Event("ServiceWorker.workerRegistrationUpdated").OnEvent += (_, found) =>
        {
            foreach (var one in found!.Value.GetProperty("registrations").EnumerateArray())
            {
                registration.TrySetResult(Text(one, "registrationId"));
            }
        };
        await tools.SendAsync("ServiceWorker.enable");
        var number = await registration.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        var sent = await bob.SendMessageAsync("alice", "two");
        var receipt = await backends.App.Get<PushReceipts>().CreateAsync(
            Assert.Single(await backends.App.Get<DeviceStore>().ListAsync(session.Identity, CancellationToken.None)),
            new PushNotice(project.Id, "psh_2", "tag1", "", "", Text(sent, "conversation"), "bob", 1, 1, Silent: false),
            CancellationToken.None);
        await DeliverAsync("psh_1", "tag1", "bob", 1, "one");
        await DeliverAsync("psh_2", "tag1", "bob", 2, "two", receipt);
        await DeliverAsync("psh_1", "tag1", "bob", 1, "one");
        await DeliverAsync("psh_3", "tag2", "carol", 1, "three");
        // They come one after the other.
        const string Count = "registration.getNotifications().then((all) => all.length)";
        for (var i = 0; i < 100 && await RunAsync(context.Browser!, Count) != "2"; i++)
        {
            await page.WaitForTimeoutAsync(50);
        }

        // No page is open, and yet the sender sees that it has arrived.
        for (var i = 0; i < 600 && await DeliveredAsync() == 0; i++)
        {
            await page.WaitForTimeoutAsync(50);
        }

        Assert.Equal(1, await DeliveredAsync());
        await page.GotoAsync(new Uri(app, "/demo/").ToString());
        await page.EvaluateAsync(Listen);
        Assert.Equal(
            """["bob: two","carol: three"]""",
            await page.EvaluateAsync<string>(
                $"() => {Shown}.then((all) => JSON.stringify(all.map((one) => one.title + ': ' + one.body).sort()))"));

        await RunAsync(context.Browser!, """
            registration.getNotifications().then((all) => dispatchEvent(new NotificationEvent(
              "notificationclick", { notification: all.find((one) => one.title === "carol") })))
            """);
        await page.WaitForFunctionAsync("() => opened.length === 1");
        Assert.Equal("carol", await page.EvaluateAsync<string>("() => opened[0]"));

        // It was read elsewhere in the page.
        await page.EvaluateAsync("() => voxPush.close('c-bob')");
        await UntilAsync(page, 0);

        async Task<long> DeliveredAsync() => (await bob.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations")[0]
            .GetProperty("other").GetProperty("delivered").GetInt64();

        Task DeliverAsync(string message, string tag, string from, int sequence, string body, string? receipt = null) => tools.SendAsync(
            "ServiceWorker.deliverPushMessage",
            new Dictionary<string, object>
            {
                ["origin"] = app.GetLeftPart(UriPartial.Authority),
                ["registrationId"] = number,
                ["data"] = JsonSerializer.Serialize(new
                {
                    id = message,
                    tag,
                    title = from,
                    body,
                    conversation = "c-" + from,
                    to = from,
                    sequence,
                    sentAt = 1_795_453_377_321,
                    receipt,
                }),
            });
    }

    /// <summary>The server hears at once which conversation the user sees, and that they look away.</summary>
    [Fact]
    public async Task SetView_WhereUsersGetPushMessages_TellsWhatTheUserSeesAndThatTheyLookAway()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        var session = await alice.LogInAsync();
        await session.PostJsonAsync("/api/v1/devices", new { kind = "fcm", token = "phone" });
        var (one, two) = (await SendAsync("bob"), await SendAsync("alice2"));
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(backends.App.Address, "/demo/").ToString());
        await page.EvaluateAsync("""
            async ([server, projectId, loginId, password, conversation]) => {
              const { ChatClient } = await import("/js/calmsdk.mjs");
              window.client = new ChatClient({ server, projectId });
              await client.logIn(loginId, password);
              client.setView(conversation);
            }
            """, new[] { backends.App.Address.GetLeftPart(UriPartial.Authority), project.Id, "alice", alice.Password, one });

        await SeenAsync(one);
        await page.EvaluateAsync("(id) => client.setView(id)", two);
        await SeenAsync(two);
        await page.EvaluateAsync("() => { document.hasFocus = () => false; dispatchEvent(new Event('blur')); }");
        await SeenAsync("");
        await page.EvaluateAsync("() => { document.hasFocus = () => true; dispatchEvent(new Event('focus')); }");
        await SeenAsync(two);
        await page.EvaluateAsync("() => client.setView()");
        await SeenAsync("");

        async Task<string> SendAsync(string to)
        {
            if (to != "bob")
            {
                await project.CreateUserAsync(to);
            }

            return Text(await session.SendMessageAsync(to, "x"), "conversation");
        }

        async Task SeenAsync(string view)
        {
            var presence = backends.App.Get<PresenceStore>();
            for (var i = 0; i < 600; i++)
            {
                var leases = (await presence.ReadAsync(session.Identity.Partition, CancellationToken.None)).Leases.Values;
                if (leases.SingleOrDefault() is { } lease && lease.View == view)
                {
                    return;
                }

                await page.WaitForTimeoutAsync(50);
            }

            Assert.Fail($"The server did not hear within 30 s that the user sees “{view}”.");
        }
    }

    /// <summary>Runs a script in the service worker: DevTools can deliver a message, but not press a notification.</summary>
    private static async Task<string> RunAsync(IBrowser chromium, string script)
    {
        var all = await chromium.NewBrowserCDPSessionAsync();
        var targets = (await all.SendAsync("Target.getTargets"))!.Value.GetProperty("targetInfos").EnumerateArray();
        var worker = targets.Single(target =>
            Text(target, "type") == "service_worker" && Text(target, "url").Contains("/vox-push-sw.js", StringComparison.Ordinal));
        var answer = new TaskCompletionSource<string>();
        all.Event("Target.receivedMessageFromTarget").OnEvent += (_, message) =>
        {
            if (Text(message!.Value, "message").Contains("\"id\":1", StringComparison.Ordinal))
            {
                answer.TrySetResult(Text(message!.Value, "message"));
            }
        };
        var attached = await all.SendAsync(
            "Target.attachToTarget", new Dictionary<string, object> { ["targetId"] = Text(worker, "targetId"), ["flatten"] = false });
        await all.SendAsync("Target.sendMessageToTarget", new Dictionary<string, object>
        {
            ["sessionId"] = Text(attached!.Value, "sessionId"),
            ["message"] = JsonSerializer.Serialize(new
            {
                id = 1,
                method = "Runtime.evaluate",
                @params = new { expression = script, awaitPromise = true, returnByValue = true },
            }),
        });
        var result = JsonElement.Parse(await answer.Task.WaitAsync(TimeSpan.FromSeconds(10))).GetProperty("result").GetProperty("result");
        await all.DetachAsync();
        return result.TryGetProperty("value", out var value) ? value.ToString() : "";
    }

    private static async Task UntilAsync(IPage page, int count)
    {
        for (var i = 0; i < 200 && await page.EvaluateAsync<int>($"() => {Shown}.then((all) => all.length)") != count; i++)
        {
            await page.WaitForTimeoutAsync(50);
        }
    }

    private const string Shown =
        "navigator.serviceWorker.getRegistrations().then((all) => all.at(-1).getNotifications())";

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
