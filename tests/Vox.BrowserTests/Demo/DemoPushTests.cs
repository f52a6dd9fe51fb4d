using Microsoft.Playwright;
using Vox.Tests.Fixture;
using static Microsoft.Playwright.Assertions;

namespace Vox.Tests.Demo;

/// <summary>The demo page offers notifications, and asks only whoever wants them.</summary>
public sealed class DemoPushTests(DemoFixture demo) : IClassFixture<DemoFixture>
{
    /// <summary>The browser maker's service cannot be reached from here.</summary>
    private const string Stubs = """
        window.asked = 0;
        let permission = sessionStorage.getItem("test.permission") ?? "default";
        Object.defineProperty(Notification, "permission", { get: () => permission });
        Notification.requestPermission = async () => {
          if (permission === "default") { asked++; sessionStorage.setItem("test.permission", (permission = "granted")); }
          return permission;
        };
        const text = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
        PushManager.prototype.getSubscription = async () => null;
        PushManager.prototype.subscribe = async () => {
          const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
          const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
          return { toJSON: () => ({ endpoint: "https://push.example.com/demo", keys: { p256dh: text(point), auth: text(point.slice(1, 17)) } }) };
        };
        """;

    [Fact]
    public async Task Notifications_WhenTheUserTurnsThemOn_AreRegisteredOpenTheChatAndEnd()
    {
        var project = await demo.CreateProjectAsync("alice", "bob", "carol");
        var page = await demo.OpenAsync(width: 900, project: project, script: Stubs);
        var alice = new DemoPane(page, 0);
        await alice.LogInAsync("alice");
        var session = await new TestUser(project, "alice", "secret").LogInAsync();
        var account = alice.Root.GetByRole(AriaRole.Button, new() { Name = "Your account" });
        var note = alice.Root.Locator(".push-note");
        Assert.Equal(0, await page.EvaluateAsync<int>("asked"));

        await account.ClickAsync();
        await alice.Root.GetByRole(AriaRole.Menuitem, new() { Name = "Turn on notifications" }).ClickAsync();
        await Expect(note).ToHaveTextAsync("Notifications are on.");
        Assert.Equal(1, await page.EvaluateAsync<int>("asked"));
        Assert.Equal("web", Assert.Single(await KindsAsync()));

        // The service worker tells an open page which notification was pressed.
        await page.EvaluateAsync("""
            () => navigator.serviceWorker.dispatchEvent(new MessageEvent("message", { data: { voxPushOpen: { to: "bob" } } }))
            """);
        await Expect(alice.Root.Locator(".thread-head")).ToContainTextAsync("bob");

        // And opens one with this address where there is none. The device registers again by itself, and nobody is asked.
        await page.GotoAsync("about:blank");
        await page.GotoAsync(new Uri(demo.Address, "/demo#vox-to=carol").ToString());
        await Expect(alice.Root.Locator(".thread-head")).ToContainTextAsync("carol");
        Assert.DoesNotContain("vox-to", page.Url, StringComparison.Ordinal);
        Assert.Equal(0, await page.EvaluateAsync<int>("asked"));

        await account.ClickAsync();
        await alice.Root.GetByRole(AriaRole.Menuitem, new() { Name = "Turn off notifications" }).ClickAsync();
        await Expect(note).ToHaveTextAsync("Notifications are off.");
        Assert.Empty(await KindsAsync());
        await page.Context.CloseAsync();

        async Task<List<string>> KindsAsync() =>
        [
            .. (await session.GetJsonAsync("/api/v1/devices")).GetProperty("devices").EnumerateArray()
                .Select(device => device.GetProperty("kind").GetString()!),
        ];
    }
}
