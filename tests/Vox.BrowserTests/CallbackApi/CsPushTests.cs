using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>Push messages through <c>CS</c>: a token that the app's shell has got, and the browser itself.</summary>
public sealed class CsPushTests(Backends backends, Browser browser)
{
    /// <summary>What the browser maker's services would do cannot be had here; whether the user was asked is noted.</summary>
    private const string Stubs = """
        () => {
          window.asked = 0;
          window.permission = "default";
          Object.defineProperty(Notification, "permission", { get: () => permission });
          // To the browser, whatever a test runs is something that the user has pressed.
          Object.defineProperty(navigator, "userActivation", { get: () => ({ isActive: false }) });
          Notification.requestPermission = async () => { asked++; return (permission = "granted"); };
          const text = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
          PushManager.prototype.getSubscription = async () => null;
          PushManager.prototype.subscribe = async () => {
            const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
            const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
            return { toJSON: () => ({ endpoint: "https://push.example.com/1", keys: { p256dh: text(point), auth: text(point.slice(1, 17)) } }) };
          };
        }
        """;

    [Theory]
    [InlineData("fcm", "fGx9:APA91bH0kq3vJ4m2nQ8rT5wY7zA1cE3gI6kM9")]
    [InlineData("apns", "0f744707bebcf74f9b7c25d48e3358945f6aa01da5ddb387462c7eaf61bb78ad")]
    public async Task Login_WithAPushToken_RegistersTheDevice(string kind, string token)
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await using var page = await browser.OpenAsync(backends.App.Address);
        await page.CallAsync("initialize", new { appId = project.Id }, ChatPage.Callback);

        // What is no token is none: the guide has a parameter there, and existing apps pass something.
        Assert.Equal(200, (await page.CallAsync("login", "alice", alice.Password, "push-token")).Code);
        Assert.Equal(200, (await page.CallAsync("login", "alice", alice.Password, token)).Code);

        var session = await alice.LogInAsync();
        var devices = await UntilAsync(session, count: 1);
        Assert.Equal([kind], devices);
    }

    [Fact]
    public async Task AskPushNotificationPermission_WhereTheSiteHasNoWorker_AsksNobody()
    {
        var project = await backends.App.CreateProjectAsync();
        await using var page = await browser.LogInAsync(await project.CreateUserAsync("alice"));
        await page.EvaluateAsync(Stubs);

        var answer = await page.CallAsync("askPushNotificationPermission");

        Assert.NotEqual(200, answer.Code);
        Assert.Equal(0, await page.EvaluateAsync<int>("asked"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task AskPushNotificationPermission_WithAWorker_AsksWhenTheUserPressesSomethingAndRegisters()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await using var page = await browser.LogInAsync(alice);
        await page.EvaluateAsync(Stubs);
        await page.EvaluateAsync("""
            () => {
              window.prepared = new Promise((resolve) => {
                const add = window.addEventListener;
                window.addEventListener = function (name, ...rest) { if (name === "click") resolve(); return add.call(this, name, ...rest); };
              });
              CS.askPushNotificationPermission({ worker: "/js/vox-push-sw.js" }, (code) => (window.answered = code));
            }
            """);
        // The worker is installed, and nobody was asked.
        await page.EvaluateAsync("() => prepared");
        Assert.Equal(0, await page.EvaluateAsync<int>("asked"));

        await page.Page.Mouse.ClickAsync(5, 5);

        await page.WaitForAsync("window.answered !== undefined");
        Assert.Equal((200, 1), (await page.EvaluateAsync<int>("answered"), await page.EvaluateAsync<int>("asked")));
        Assert.Equal(["web"], await UntilAsync(await alice.LogInAsync(), count: 1));
        Assert.Empty(page.Errors);
    }

    private static async Task<List<string>> UntilAsync(TestSession session, int count)
    {
        for (var i = 0; ; i++)
        {
            var kinds = (await session.GetJsonAsync("/api/v1/devices")).GetProperty("devices").EnumerateArray()
                .Select(device => device.GetProperty("kind").GetString()!).ToList();
            if (kinds.Count >= count || i == 600)
            {
                return kinds;
            }

            await Task.Delay(50);
        }
    }
}
