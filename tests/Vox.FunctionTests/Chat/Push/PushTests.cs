using System.Buffers.Text;
using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vox.Chat.Devices;
using Vox.Chat.Projects;
using Vox.Chat.Push;
using Vox.Tests.Devices;
using Vox.Tests.Fixture;
using Vox.Tests.Groups;

namespace Vox.Tests.Push;

public sealed class PushTests(Backends backends)
{
    private static readonly string AppleToken = new('b', 64);

    [Fact]
    public async Task Message_ToABrowser_IsDecryptedAndProvedByLibrariesThatAreNotOurs()
    {
        await using var station = await PushStation.StartAsync();
        await using var app = await VoxApp.StartAsync(backends, station.Settings);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var bob = world["bob"];
        var vapid = Text(await bob.GetJsonAsync("/api/v1/devices/web-key"), "publicKey");
        await bob.PostJsonAsync("/api/v1/devices", new
        {
            kind = "web",
            subscription = TestDevices.Subscription(station.WebAddress("bob"), out var key, out var secret),
        });

        var sent = await world["alice"].SendMessageAsync("bob", "Grüße 👋");
        var pushed = await station.NextAsync();

        using (key)
        {
            var read = await ReadAsync(pushed, key, secret);
            Assert.True(read.GetProperty("good").GetBoolean());
            Assert.Equal(("ES256", vapid), (Text(read, "algorithm"), Text(read, "key")));
            Assert.Equal("mailto:ops@example.com", Text(read.GetProperty("claims"), "sub"));
            var message = read.GetProperty("message");
            Assert.Equal(("alice", "Grüße 👋", "alice"), (Text(message, "title"), Text(message, "body"), Text(message, "to")));
            Assert.Equal(Text(sent, "conversation"), Text(message, "conversation"));
            Assert.Equal(sent.GetProperty("sequence").GetInt64(), message.GetProperty("sequence").GetInt64());
            Assert.Equal(Text(message, "tag"), pushed.Header("Topic"));
        }

        Assert.Equal("high", pushed.Header("Urgency"));
        Assert.Equal(vapid, Text(await world["alice"].GetJsonAsync("/api/v1/devices/web-key"), "publicKey"));
        Assert.Empty(station.Refused);
    }

    [Fact]
    public async Task Arrived_SaidByTheBrowserWithoutAnAccessToken_TheSenderSeesThatItWasDelivered()
    {
        await using var station = await PushStation.StartAsync();
        await using var app = await VoxApp.StartAsync(backends, station.Settings);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var (alice, bob) = (world["alice"], world["bob"]);
        await bob.PostJsonAsync("/api/v1/devices", new
        {
            kind = "web",
            subscription = TestDevices.Subscription(station.WebAddress("bob"), out var key, out var secret),
        });
        await alice.SendMessageAsync("bob", "one");
        await station.NextAsync();
        await alice.SendMessageAsync("bob", "two");
        JsonElement message;
        using (key)
        {
            message = (await ReadAsync(await station.NextAsync(), key, secret)).GetProperty("message");
        }

        var receipt = Text(message, "receipt");

        // It is good for nothing else, and nothing else is good for it.
        Assert.Equal(401, await SendAsync(HttpMethod.Get, "/api/v1/profile", receipt));
        Assert.Equal(401, await SendAsync(HttpMethod.Post, "/api/v1/receipts/pushed", bob.AccessToken));
        Assert.Equal(401, await SendAsync(HttpMethod.Post, "/api/v1/receipts/pushed", receipt[..^2] + "xx"));
        Assert.Equal(0, await DeliveredAsync());

        Assert.Equal(204, await SendAsync(HttpMethod.Post, "/api/v1/receipts/pushed", receipt));

        Assert.Equal(2, await DeliveredAsync());
        await bob.PostAsync("/api/v1/sessions/logout", new { });
        Assert.Equal(401, await SendAsync(HttpMethod.Post, "/api/v1/receipts/pushed", receipt));

        async Task<int> SendAsync(HttpMethod method, string path, string token)
        {
            using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = new("Bearer", token) } };
            using var response = await app.Http.SendAsync(request);
            return (int)response.StatusCode;
        }

        async Task<long> DeliveredAsync() => (await alice.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations")[0]
            .GetProperty("other").GetProperty("delivered").GetInt64();
    }

    [Fact]
    public async Task Message_ToPhones_IsWhatGoogleAndAppleTake()
    {
        await using var station = await PushStation.StartAsync();
        await using var app = await VoxApp.StartAsync(backends, station.Settings);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob", "carol");
        await station.GiveKeysAsync(app, world["bob"].Identity.ProjectId);
        await world["bob"].PostJsonAsync("/api/v1/devices", new { kind = "fcm", token = "bobs:phone", language = "de" });
        await world["carol"].PostJsonAsync("/api/v1/devices", new { kind = "apns", token = AppleToken, sandbox = true });
        var group = await world.CreateGroupAsync("alice", "bob", "carol");

        await world["alice"].PostJsonAsync("/api/v1/messages", new { to = group, data = "one" });
        Pushed[] both = [await station.NextAsync(), await station.NextAsync()];

        var fcm = both.Single(pushed => pushed.Service == "fcm").Json.GetProperty("message");
        Assert.Equal("bobs:phone", Text(fcm, "token"));
        Assert.Equal("alice: one", Text(fcm.GetProperty("notification"), "body"));
        Assert.Equal((group, "1"), (Text(fcm.GetProperty("data"), "to"), Text(fcm.GetProperty("data"), "sequence")));
        var apns = both.Single(pushed => pushed.Service == "apns");
        Assert.Equal("/sandbox/3/device/" + AppleToken, apns.Path);
        Assert.Equal("alice: one", Text(apns.Json.GetProperty("aps").GetProperty("alert"), "body"));
        Assert.Equal(apns.Header("apns-collapse-id"), Text(fcm.GetProperty("android").GetProperty("notification"), "tag"));

        // A second message takes the place of the first, and needs no further token of Google's.
        await world["alice"].PostJsonAsync("/api/v1/messages", new { to = group, data = "two", silent = true });
        Pushed[] next = [await station.NextAsync(), await station.NextAsync()];
        var second = next.Single(pushed => pushed.Service == "apns");
        Assert.Equal((apns.Header("apns-collapse-id"), "5"), (second.Header("apns-collapse-id"), second.Header("apns-priority")));
        Assert.Equal(apns.Header("authorization"), second.Header("authorization"));
        Assert.Equal(1, station.TokensGiven);
        Assert.Empty(station.Refused);
    }

    [Fact]
    public async Task Service_ThatSaysTheDeviceIsGone_TheDeviceIsRemoved()
    {
        await using var station = await PushStation.StartAsync();
        await using var app = await VoxApp.StartAsync(backends, station.Settings);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var bob = world["bob"];
        await station.GiveKeysAsync(app, bob.Identity.ProjectId);
        await bob.RegisterFcmAsync("gone");
        await bob.PostJsonAsync("/api/v1/devices", new { kind = "apns", token = AppleToken });
        await bob.PostJsonAsync("/api/v1/devices", new
        {
            kind = "web",
            subscription = TestDevices.Subscription(station.WebAddress("gone"), out _, out _),
        });
        var kept = Text(await bob.RegisterFcmAsync("kept"), "id");
        station.Answer = (pushed, context) =>
        {
            var (status, body) = pushed.Service switch
            {
                "fcm" when !pushed.Json.GetRawText().Contains("kept", StringComparison.Ordinal) => (
                    404, """{"error":{"code":404,"status":"NOT_FOUND","details":[{"errorCode":"UNREGISTERED"}]}}"""),
                "apns" => (410, """{"reason":"Unregistered","timestamp":1}"""),
                "web" => (410, ""),
                _ => (0, ""),
            };
            if (status == 0)
            {
                return false;
            }

            context.Response.StatusCode = status;
            context.Response.WriteAsync(body).GetAwaiter().GetResult();
            return true;
        };

        await world["alice"].SendMessageAsync("bob", "x");
        await station.NextAsync();

        await UntilAsync(async () => (await bob.DeviceIdsAsync()).Count == 1);
        Assert.Equal([kept], await bob.DeviceIdsAsync());
    }

    [Fact]
    public async Task Service_ThatIsBusy_IsAskedAgainUntilItTakesIt()
    {
        await using var station = await PushStation.StartAsync();
        await using var app = await VoxApp.StartAsync(backends, station.Settings);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var bob = world["bob"];
        await station.GiveKeysAsync(app, bob.Identity.ProjectId);
        await bob.RegisterFcmAsync("phone");
        await bob.PostJsonAsync("/api/v1/devices", new { kind = "apns", token = AppleToken });
        var (failures, asked) = (4, 0);
        station.Answer = (_, context) =>
        {
            Interlocked.Increment(ref asked);
            if (Interlocked.Decrement(ref failures) < 0)
            {
                return false;
            }

            context.Response.StatusCode = failures % 2 == 0 ? 503 : 429;
            context.Response.Headers.RetryAfter = "0";
            return true;
        };

        await world["alice"].SendMessageAsync("bob", "x");
        Pushed[] both = [await station.NextAsync(), await station.NextAsync()];

        // Each device once, although one of the two had to be tried again without the other.
        Assert.Equal(["apns", "fcm"], both.Select(pushed => pushed.Service).Order());
        Assert.Equal(6, asked);
    }

    [Fact]
    public async Task Device_OnlyOfWhoIsToBeTold_GetsIt()
    {
        await using var station = await PushStation.StartAsync();
        // The queue is read by the test.
        await using var app = await VoxApp.StartAsync(backends, [.. station.Settings, "AzureWebJobs.SendPush.Disabled=true"]);
        string[] names = ["alice", "muted", "mentioned", "blocker", "read", "viewer", "elsewhere", "quiet", "gone", "plain"];
        var world = await GroupWorld.CreateAsync(backends, app, names);
        var project = world["alice"].Identity.ProjectId;
        await station.GiveKeysAsync(app, project);
        foreach (var name in names)
        {
            await world[name].PostJsonAsync("/api/v1/devices", new
            {
                kind = "fcm",
                token = name,
                quietHours = name == "quiet" ? new { from = "00:00", to = "23:59", timeZone = "Etc/UTC" } : null,
            });
        }

        var group = await world.CreateGroupAsync("alice", [.. names.Skip(1)]);
        foreach (var name in (string[])["muted", "mentioned"])
        {
            await world[name].SendAsync(new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/conversations/{group}/settings")
            {
                Content = System.Net.Http.Json.JsonContent.Create(new { mutedUntil = -1 }),
            }).TextAsync();
        }

        await world["blocker"].PostAsync("/api/v1/blocks", new { id = "alice" });
        await world["viewer"].PostJsonAsync("/api/v1/presence", new { connection = "c1", view = group });
        await world["elsewhere"].PostJsonAsync("/api/v1/presence", new { connection = "c2", view = "gAnother" });
        var sent = await world["alice"].PostJsonAsync(
            "/api/v1/messages", new { to = group, data = "x", mentions = (string[])["mentioned"] });
        await world["read"].PostJsonAsync("/api/v1/receipts", new { receipts = new[] { new { conversation = group, read = 1 } } });
        Assert.Equal("ok", await world.LeaveAsync("gone", group));
        await app.SettleAsync(project);

        await app.Get<PushDispatch>().RunAsync(TaskOf(project, sent), CancellationToken.None);

        Assert.Equal(
            ["elsewhere", "mentioned", "plain"],
            station.Taken.Select(pushed => Text(pushed.Json.GetProperty("message"), "token")).Order(StringComparer.Ordinal));
        Assert.Empty(station.Refused);
    }

    [Theory]
    [InlineData(PushContent.Full, "alice", "secret", "alice")]
    [InlineData(PushContent.Name, "alice", "Neue Nachricht", "alice")]
    [InlineData(PushContent.None, "Neue Nachricht", "", null)]
    public async Task Content_ByTheProjectsChoice_IsAllThatIsSaid(PushContent content, string title, string body, string? to)
    {
        await using var station = await PushStation.StartAsync();
        await using var app = await VoxApp.StartAsync(backends, station.Settings);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var project = world["bob"].Identity.ProjectId;
        await station.GiveKeysAsync(app, project);
        await app.Get<ProjectService>().UpdateAsync(project, now => now with { PushContent = content }, CancellationToken.None);
        await world["bob"].PostJsonAsync("/api/v1/devices", new { kind = "fcm", token = "x", language = "de-AT" });

        await world["alice"].SendMessageAsync("bob", "secret");
        var message = (await station.NextAsync()).Json.GetProperty("message");

        var shown = message.GetProperty("notification");
        Assert.Equal((title, body), (Text(shown, "title"), Text(shown, "body")));
        Assert.Equal(to, message.GetProperty("data").TryGetProperty("to", out var name) ? name.GetString() : null);
        if (content != PushContent.Full)
        {
            Assert.DoesNotContain("secret", message.GetRawText(), StringComparison.Ordinal);
        }
    }

    /// <summary>What a send costs is the same with and without devices; the push message is one request behind the answer.</summary>
    [Fact]
    public async Task Send_InAProjectWithDevices_TakesNoFurtherRequestButTheQueues()
    {
        await using var app = await VoxApp.StartAsync(backends, ["AzureWebJobs.SendPush.Disabled=true"]);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var project = world["alice"].Identity.ProjectId;
        await SendAsync();
        var without = await CountAsync();
        Assert.DoesNotContain("POST queue", without);
        await world["bob"].RegisterFcmAsync("x");
        await SendAsync();

        var with = await CountAsync();

        Assert.Equal(["POST queue"], with.Except(without));
        Assert.InRange(with.Count, 1, without.Count + 1);

        async Task<List<string>> CountAsync()
        {
            var requests = new System.Collections.Concurrent.ConcurrentQueue<string>();
            app.Storage.Sent = (method, path) => requests.Enqueue(
                path.Contains("-push/messages", StringComparison.Ordinal)
                    ? $"{method} queue"
                    : $"{method} {path.Split('/')[^1].Split('(')[0]}");
            await SendAsync();
            app.Storage.Sent = null;
            return [.. requests];
        }

        async Task SendAsync()
        {
            await world["alice"].SendMessageAsync("bob", "x");
            await app.SettleAsync(project);
        }
    }

    private static string TaskOf(string project, JsonElement sent) => new PushTask(
        project, Text(sent, "conversation"), [sent.GetProperty("sequence").GetInt64()], sent.GetProperty("sentAt").GetInt64()).ToText();

    private static async Task<JsonElement> ReadAsync(Pushed pushed, ECDiffieHellman key, byte[] secret)
    {
        var start = new ProcessStartInfo("node", "readPush.mjs")
        {
            WorkingDirectory = typeof(PushTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(attribute => attribute.Key == "Vox.FunctionTests.NodeFolder").Value!,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new
        {
            authorization = pushed.Header("Authorization"),
            privateKey = Base64Url.EncodeToString(key.ExportParameters(includePrivateParameters: true).D),
            auth = Base64Url.EncodeToString(secret),
            body = Convert.ToBase64String(pushed.Body),
        }));
        process.StandardInput.Close();
        var line = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return JsonElement.Parse(line);
    }

    private static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        for (var began = Stopwatch.GetTimestamp(); !await isTrue() && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20);)
        {
            await Task.Delay(50);
        }
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
