using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StandardWebhooks.Diagnostics;
using Vox.Chat.Webhooks;
using Vox.Tests.Fixture;

namespace Vox.Tests.Webhooks;

public sealed class WebhookTests(Backends backends)
{
    [Fact]
    public async Task Message_WithAnEndpoint_ArrivesSignedWithinASecond()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync();
        var server = await NewAsync(app, "shop", "alice");
        var secret = Text(await CreateAsync(server, receiver), "secret");
        // The first one also creates the queue.
        await server.PostJsonAsync("messages", new { from = "shop", to = "alice", data = "first" });
        await receiver.NextAsync();

        var took = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            var sent = await server.PostJsonAsync("messages", new { from = "shop", to = "alice", data = $"Hello {i} 👋" });
            var received = await receiver.NextAsync();

            received.Verify(secret);
            Assert.Throws<WebhookVerificationException>(() => received.Verify("whsec_" + Convert.ToBase64String(new byte[32])));
            Assert.Throws<WebhookVerificationException>(() => (received with { Body = received.Body + " " }).Verify(secret));
            Assert.Equal(received.Id, Text(received.Event, "id"));
            Assert.Equal("message.sent", received.Type);
            Assert.Equal(server.Project.Id, Text(received.Event, "project"));
            var message = received.Event.GetProperty("data").GetProperty("message");
            Assert.Equal(Text(sent, "id"), Text(message, "id"));
            Assert.Equal(("shop", "alice", $"Hello {i} 👋"), (Text(message, "from"), Text(message, "to"), Text(message, "data")));
            took.Add(received.At - DateTimeOffset.FromUnixTimeMilliseconds(message.GetProperty("sentAt").GetInt64()));
        }

        // The queue is looked at every half second. Half of them, because the machine of the tests does other work too.
        Assert.True(took.Order().ElementAt(2) < TimeSpan.FromSeconds(1), string.Join(", ", took));
    }

    [Fact]
    public async Task Endpoint_ThatFails_GetsTheSameEventAgainAndTheHistoryShowsEachAttempt()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync();
        var server = await NewAsync(app, "shop", "alice");
        var webhook = await CreateAsync(server, receiver);
        var failures = 2;
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = Interlocked.Decrement(ref failures) >= 0 ? 503 : 200;
            return Task.CompletedTask;
        };

        await server.PostJsonAsync("messages", new { from = "shop", to = "alice", data = "x" });
        var (first, second, third) = (await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync());

        Assert.Equal((first.Id, first.Body), (second.Id, second.Body));
        Assert.Equal((first.Id, first.Body), (third.Id, third.Body));
        third.Verify(Text(webhook, "secret"));
        var delivery = await UntilAsync(server, "delivered");
        Assert.Equal(first.Id, Text(delivery, "event"));
        var shown = await server.GetJsonAsync("webhook-deliveries/" + Text(delivery, "id"));
        Assert.Equal(first.Body, Text(shown, "body"));
        Assert.Equal(
            [503, 503, 200], shown.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("status").GetInt32()));

        var again = await server.PostJsonAsync($"webhook-deliveries/{Text(delivery, "id")}/resend");
        var fourth = await receiver.NextAsync();
        Assert.Equal(Text(delivery, "id"), Text(again, "delivery"));
        Assert.Equal((first.Id, first.Body), (fourth.Id, fourth.Body));
    }

    [Fact]
    public async Task Endpoint_ThatAnswersGone_IsSwitchedOffAndCanBeSwitchedOnAgain()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync();
        var server = await NewAsync(app, "shop", "alice");
        var id = Text(await CreateAsync(server, receiver), "id");
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        };

        await server.PostJsonAsync("messages", new { from = "shop", to = "alice", data = "x" });
        await receiver.NextAsync();
        var webhook = await UntilAsync(
            () => server.GetJsonAsync("webhooks/" + id), one => !one.GetProperty("enabled").GetBoolean());
        Assert.Contains("410", Text(webhook, "disabledReason"), StringComparison.Ordinal);
        // The endpoint is switched off first, and then the project is told.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await server.Project.ReadAsync()).HasWebhooks)
        {
            await Task.Delay(20, patience.Token);
        }

        await server.PostJsonAsync("messages", new { from = "shop", to = "alice", data = "not told" });
        await app.SettleAsync(server.Project.Id);

        receiver.Answer = null;
        await server.SendAsync(HttpMethod.Patch, "webhooks/" + id, new { enabled = true }).JsonAsync();
        await server.PostJsonAsync("messages", new { from = "shop", to = "alice", data = "told" });

        var told = (await receiver.NextAsync()).Event.GetProperty("data").GetProperty("message");
        Assert.Equal("told", Text(told, "data"));
    }

    [Fact]
    public async Task Endpoint_ThatFailsForDays_IsSwitchedOff()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync("Webhooks:FailingDays=1");
        var server = await NewAsync(app, "shop");
        var webhook = await CreateAsync(server, receiver);
        var known = await app.Get<WebhookService>().GetAsync(server.Project.Id, Text(webhook, "id"), CancellationToken.None);
        await app.Get<WebhookStore>().TryReplaceAsync(
            known with { FailingSince = TimeProvider.System.GetUtcNow().AddDays(-2) }, CancellationToken.None);
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };

        await app.Get<WebhookDispatch>().RunAsync(
            new WebhookTask(server.Project.Id, known.Id, "evt_1", "message.sent", 1, 1, "{}").ToText(), CancellationToken.None);

        var after = await server.GetJsonAsync("webhooks/" + known.Id);
        Assert.False(after.GetProperty("enabled").GetBoolean());
        Assert.Contains("1 days", Text(after, "disabledReason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotation_WhileItOverlaps_SignsWithBothSecrets()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync();
        var server = await NewAsync(app, "shop");
        var webhook = await CreateAsync(server, receiver);

        var rotated = await server.PostJsonAsync($"webhooks/{Text(webhook, "id")}/rotate", new { overlapHours = 1 });
        await server.PostJsonAsync($"webhooks/{Text(webhook, "id")}/test");
        var both = await receiver.NextAsync();
        // The library for .NET looks at one signature only, whichever comes first in the header; the specification wants all tried.
        var signatures = both.Headers["webhook-signature"].ToString().Split(' ');
        Assert.Equal(2, signatures.Length);
        both.WithSignature(signatures[0]).Verify(Text(rotated, "secret"));
        both.WithSignature(signatures[1]).Verify(Text(webhook, "secret"));
        Assert.Equal("webhook.test", both.Type);

        var last = await server.PostJsonAsync($"webhooks/{Text(webhook, "id")}/rotate", new { overlapHours = 0 });
        await server.PostJsonAsync($"webhooks/{Text(webhook, "id")}/test");
        var one = await receiver.NextAsync();
        one.Verify(Text(last, "secret"));
        Assert.Throws<WebhookVerificationException>(() => one.Verify(Text(rotated, "secret")));
        // A secret is never shown again.
        Assert.DoesNotContain("whsec_", (await server.GetJsonAsync("webhooks")).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoint_ThatRedirects_IsNotFollowed()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync();
        var server = await NewAsync(app, "shop");
        var webhook = await CreateAsync(server, receiver);
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = receiver.Address + "/elsewhere";
            return Task.CompletedTask;
        };

        var sent = await server.PostJsonAsync($"webhooks/{Text(webhook, "id")}/test");
        await receiver.NextAsync();

        var delivery = await UntilAsync(server, "failed");
        Assert.Equal(Text(sent, "delivery"), Text(delivery, "id"));
        Assert.Contains("redirects", Text(delivery.GetProperty("attempts")[0], "error"), StringComparison.Ordinal);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task Users_CreatedAndDeleted_AreToldOf()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync();
        var server = await NewAsync(app);
        await CreateAsync(server, receiver, "user.created", "user.deleted");

        await server.UpsertAsync("carol");
        var created = await receiver.NextAsync();
        await server.SendAsync(HttpMethod.Delete, "users/carol");
        var deleted = await receiver.NextAsync();

        Assert.Equal(("user.created", "carol"), (created.Type, Text(created.Event.GetProperty("data"), "user")));
        Assert.Equal(("user.deleted", "carol"), (deleted.Type, Text(deleted.Event.GetProperty("data"), "user")));
    }

    [Fact]
    public async Task Message_ThatIsLarge_IsCutToTwentyKilobytes()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync();
        var server = await NewAsync(app, "shop", "alice");
        await CreateAsync(server, receiver);

        var data = string.Concat(Enumerable.Repeat("👋\"", 5_000));
        await server.PostJsonAsync("messages", new { from = "shop", to = "alice", data });
        var received = await receiver.NextAsync();

        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(received.Body), 4_000, WebhookEvents.MaxBytes);
        Assert.True(received.Event.GetProperty("data").GetProperty("truncated").GetBoolean());
    }

    /// <summary>What the send itself costs is the same with and without an endpoint; the event is one request behind the answer.</summary>
    [Fact]
    public async Task Send_InAProjectWithAnEndpoint_TakesNoFurtherRequestButTheEvents()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync("AzureWebJobs.SendWebhook.Disabled=true");
        var server = await NewAsync(app, "shop", "alice");
        await SendAsync("warm");
        var without = await CountAsync("without");
        await CreateAsync(server, receiver);
        await SendAsync("warm");

        var with = await CountAsync("with");

        Assert.Equal(["POST queue"], with.Except(without));
        Assert.InRange(with.Count, 1, without.Count + 1);

        async Task SendAsync(string data)
        {
            await server.PostJsonAsync("messages", new { from = "shop", to = "alice", data });
            await app.SettleAsync(server.Project.Id);
        }

        async Task<List<string>> CountAsync(string data)
        {
            var requests = new System.Collections.Concurrent.ConcurrentQueue<string>();
            app.Storage.Sent = (method, path) => requests.Enqueue(
                path.EndsWith("/messages", StringComparison.Ordinal) ? $"{method} queue" : $"{method} {path.Split('/')[^1].Split('(')[0]}");
            await SendAsync(data);
            app.Storage.Sent = null;
            return [.. requests];
        }
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static async Task<JsonElement> CreateAsync(TestServer server, Receiver receiver, params string[] events) =>
        await server.PostJsonAsync(
            "webhooks", new { url = receiver.Address, events = events.Length > 0 ? events : ["message.sent"], description = "A test" });

    private static Task<JsonElement> UntilAsync(TestServer server, string state) => UntilAsync(
        async () => (await server.GetJsonAsync("webhook-deliveries?state=" + state)).GetProperty("deliveries").EnumerateArray()
            .FirstOrDefault(),
        delivery => delivery.ValueKind == JsonValueKind.Object);

    private static async Task<JsonElement> UntilAsync(Func<Task<JsonElement>> read, Func<JsonElement, bool> good)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var found = await read();
            if (good(found))
            {
                return found;
            }

            await Task.Delay(50, patience.Token);
        }
    }

    private static async Task<TestServer> NewAsync(VoxApp app, params string[] users)
    {
        var server = await (await app.CreateProjectAsync()).CreateServerAsync();
        if (users.Length > 0)
        {
            await server.UpsertAsync(users);
        }

        return server;
    }

    private Task<VoxApp> StartAsync(params string[] settings) => VoxApp.StartAsync(
        backends, ["Outbound:AllowLoopback=true", "Webhooks:RetrySeconds=0", "Projects:CacheSeconds=1", .. settings]);
}
