using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Vox.Chat.Webhooks;
using Vox.Tests.Fixture;

namespace Vox.Tests.Webhooks;

public sealed class BeforeSendTests(Backends backends)
{
    [Fact]
    public async Task Send_WithAHook_IsAllowedChangedOrRefusedAsItSays()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (received, context) => context.Response.WriteAsync(
            received.Event.GetProperty("data").GetProperty("data").GetString() switch
            {
                "rude" => """{"action":"refuse","reason":"Please be kind to each other."}""",
                "card 4111" => """{"action":"change","data":"card ****"}""",
                _ => """{"action":"allow"}""",
            });
        await using var app = await StartAsync();
        var server = await NewAsync(app, receiver);
        var secret = server.Secret;

        await SendAsync(server.Server, "hello").JsonAsync();
        await SendAsync(server.Server, "card 4111").JsonAsync();
        await SendAsync(server.Server, "rude").ProblemAsync("message_refused", "data");

        var page = await server.Server.GetJsonAsync("users/alice/messages?with=shop");
        Assert.Equal(
            ["card ****", "hello"],
            page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("data").GetString()));
        Assert.Equal(3, receiver.Requests.Count);
        Assert.All(receiver.Requests, received => received.Verify(secret));
        var problem = await (await SendAsync(server.Server, "rude")).Content.ReadAsStringAsync();
        Assert.Contains("Please be kind to each other.", problem, StringComparison.Ordinal);

        await server.Server.SendAsync(HttpMethod.Delete, "before-send");
        await SendAsync(server.Server, "rude").JsonAsync();
        Assert.Equal(4, receiver.Requests.Count);
    }

    [Fact]
    public async Task Rotate_QuestionsInTheOverlap_AreSignedWithBothSecrets()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync();
        var (server, old) = await NewAsync(app, receiver);

        var rotated = await server.PostJsonAsync("before-send/rotate", new { overlapHours = 1 });
        await SendAsync(server, "both").JsonAsync();
        var both = await receiver.NextAsync();
        var secret = rotated.GetProperty("secret").GetString()!;
        // A change keeps both secrets.
        var set = await server.SendAsync(HttpMethod.Put, "before-send", new { url = receiver.Address }).JsonAsync();
        await server.PostJsonAsync("before-send/rotate", new { overlapHours = 0 });
        await SendAsync(server, "the newest").JsonAsync();
        var newest = await receiver.NextAsync();

        Assert.NotEqual(old, secret);
        Assert.False(set.TryGetProperty("secret", out _));
        Assert.True(set.TryGetProperty("previousUntil", out _));
        var signatures = both.Headers["webhook-signature"].ToString().Split(' ');
        Assert.Equal(2, signatures.Length);
        both.WithSignature(signatures[0]).Verify(secret);
        both.WithSignature(signatures[1]).Verify(old);
        Assert.Single(newest.Headers["webhook-signature"].ToString().Split(' '));
        Assert.ThrowsAny<Exception>(() => newest.Verify(secret));
        await server.PostAsync("before-send/rotate", new { overlapHours = 169 }).ProblemAsync("invalid_field", "overlapHours");
        var other = await (await app.CreateProjectAsync()).CreateServerAsync();
        await other.PostAsync("before-send/rotate", new { }).ProblemAsync("not_found");
    }

    [Fact]
    public async Task Get_AfterMessages_HasCountsOfAllInstancesAndTheStateOfTheBreaker()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (received, context) =>
        {
            var text = received.Event.GetProperty("data").GetProperty("data").GetString()!;
            context.Response.StatusCode = text == "fail" ? 500 : 200;
            return context.Response.WriteAsync($$"""{"action":"{{text}}","data":"changed"}""");
        };
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await VoxApp.StartAsync(backends, clock, "Outbound:AllowLoopback=true");
        var (server, _) = await NewAsync(app, receiver);
        await using var other = await VoxApp.StartAsync(
            backends, clock, "Outbound:AllowLoopback=true", $"Storage:TablePrefix={app.TablePrefix}");
        await SendAsync(server, "allow").JsonAsync();
        await SendAsync(server, "change").JsonAsync();
        await SendAsync(server, "refuse").ProblemAsync("message_refused", "data");
        await server.PostAsync("messages", new { from = "shop", to = "alice", data = "allow" }, through: other).JsonAsync();
        await other.Get<BeforeSendCounts>().FlushAsync(CancellationToken.None);
        var before = await server.GetJsonAsync("before-send");
        for (var i = 0; i <= CircuitBreaker.Failures; i++)
        {
            await SendAsync(server, "fail").JsonAsync();
        }

        var view = await server.GetJsonAsync("before-send");

        Assert.False(before.TryGetProperty("pausedUntil", out _));
        Assert.Equal(clock.GetUtcNow() + CircuitBreaker.Pause, view.GetProperty("pausedUntil").GetDateTimeOffset());
        var day = Assert.Single(view.GetProperty("days").EnumerateArray());
        Assert.Equal(
            (2, 1, 1, CircuitBreaker.Failures, 1),
            (Of(day, "allowed"), Of(day, "changed"), Of(day, "refused"), Of(day, "failed"), Of(day, "skipped")));
        clock.Advance(CircuitBreaker.Pause);
        await SendAsync(server, "allow").JsonAsync();
        Assert.False((await server.GetJsonAsync("before-send")).TryGetProperty("pausedUntil", out _));
        // Days that are too old go when the next one begins.
        clock.Advance(TimeSpan.FromDays(BeforeSendCounts.Days));
        await SendAsync(server, "allow").JsonAsync();
        Assert.Equal(1, Of(Assert.Single((await server.GetJsonAsync("before-send")).GetProperty("days").EnumerateArray()), "allowed"));

        static int Of(System.Text.Json.JsonElement day, string name) => day.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Counts_OfAProjectWhereNobodySendsAnyMore_GoAfterSevenDays()
    {
        await using var receiver = await Receiver.StartAsync();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await VoxApp.StartAsync(backends, clock, "Outbound:AllowLoopback=true");
        var (server, _) = await NewAsync(app, receiver);
        await SendAsync(server, "the last one").JsonAsync();
        await app.Get<BeforeSendCounts>().FlushAsync(CancellationToken.None);

        clock.Advance(TimeSpan.FromDays(BeforeSendCounts.Days - 1));
        await app.Get<WebhookUpkeep>().RunAsync(CancellationToken.None);
        Assert.Equal(1, Assert.Single(await StoredAsync()).Allowed);
        clock.Advance(TimeSpan.FromDays(1));
        await app.Get<WebhookUpkeep>().RunAsync(CancellationToken.None);

        Assert.Empty(await StoredAsync());
        // The hook itself stays.
        Assert.Equal(receiver.Address, (await server.GetJsonAsync("before-send")).GetProperty("url").GetString());

        async Task<List<BeforeSendDay>> StoredAsync() =>
            (await app.Get<BeforeSendStore>().CountsAsync(server.Project.Id, DateOnly.MinValue, CancellationToken.None)).Days;
    }

    [Fact]
    public async Task Edit_WithAHook_IsAskedAboutAsWell()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (received, context) => context.Response.WriteAsync(
            received.Event.GetProperty("data").GetProperty("data").GetString() switch
            {
                "rude" => """{"action":"refuse","reason":"Please say it in a kind way."}""",
                "card 4111" => """{"action":"change","data":"card ****"}""",
                _ => """{"action":"allow"}""",
            });
        await using var app = await StartAsync();
        var server = (await NewAsync(app, receiver)).Server;
        var alice = await (await server.Project.CreateUserAsync("anna")).LogInAsync();
        var sent = await alice.SendMessageAsync("shop", "hello");
        var message = $"/api/v1/conversations/{sent.GetProperty("conversation").GetString()}/messages/1";
        HttpRequestMessage Edit(string data) => new(HttpMethod.Patch, message) { Content = JsonContent.Create(new { data }) };

        await alice.SendAsync(Edit("rude")).ProblemAsync("message_refused", "data");
        var edited = await alice.SendAsync(Edit("card 4111")).JsonAsync();

        Assert.Equal("card ****", edited.GetProperty("message").GetProperty("data").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Send_WhenTheHookFails_IsOpenOrClosedByChoiceAndSoonNotAskedAnyMore(bool open)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await using var app = await StartAsync();
        var server = await NewAsync(app, receiver, open);

        for (var i = 0; i < CircuitBreaker.Failures + 3; i++)
        {
            if (open)
            {
                await SendAsync(server.Server, $"{i}").JsonAsync();
            }
            else
            {
                await SendAsync(server.Server, $"{i}").ProblemAsync("hook_unavailable");
            }
        }

        Assert.Equal(CircuitBreaker.Failures, receiver.Requests.Count);
    }

    [Fact]
    public async Task Send_WhenTheHookIsSlow_DoesNotWaitForLongerThanItMay()
    {
        await using var receiver = await Receiver.StartAsync();
        var over = new TaskCompletionSource();
        receiver.Answer = (_, _) => over.Task;
        await using var app = await StartAsync();
        var server = await NewAsync(app, receiver, open: true, milliseconds: 100);

        await SendAsync(server.Server, "hello").JsonAsync();

        over.SetResult();
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"action":"no such"}""")]
    [InlineData("""{"action":"change","data":""}""")]
    public async Task Send_WhenTheAnswerIsNotGood_CountsAsAFailure(string answer)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, context) => context.Response.WriteAsync(answer);
        await using var app = await StartAsync();
        var server = await NewAsync(app, receiver, open: false);

        await SendAsync(server.Server, "hello").ProblemAsync("hook_unavailable");
    }

    [Fact]
    public void Breaker_AfterItsPause_LetsOneTryAndClosesWhenThatWorks()
    {
        var time = new FakeTimeProvider();
        var breaker = new CircuitBreaker(time);
        for (var i = 0; i < CircuitBreaker.Failures; i++)
        {
            Assert.True(breaker.TryEnter());
            breaker.Leave(failed: true);
        }

        Assert.False(breaker.TryEnter());
        time.Advance(CircuitBreaker.Pause);
        Assert.True(breaker.TryEnter());
        Assert.False(breaker.TryEnter());
        breaker.Leave(failed: false);
        Assert.True(breaker.TryEnter());
        Assert.True(breaker.TryEnter());
    }

    [Fact]
    public async Task Set_WithFieldsThatAreNotGood_NamesTheField()
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();

        await server.SendAsync(HttpMethod.Put, "before-send", new { }).ProblemAsync("missing_field", "url");
        await server.SendAsync(HttpMethod.Put, "before-send", new { url = "https://[::1]/" }).ProblemAsync("invalid_field", "url");
        await server.SendAsync(HttpMethod.Put, "before-send", new { url = "https://example.com/", milliseconds = 3_001 })
            .ProblemAsync("invalid_field", "milliseconds");
        await server.GetAsync("before-send").ProblemAsync("not_found");
        await server.SendAsync(HttpMethod.Delete, "before-send").ProblemAsync("not_found");
    }

    private static Task<HttpResponseMessage> SendAsync(TestServer server, string data) =>
        server.PostAsync("messages", new { from = "shop", to = "alice", data });

    private static async Task<(TestServer Server, string Secret)> NewAsync(
        VoxApp app, Receiver receiver, bool open = true, int milliseconds = 3_000)
    {
        var server = await (await app.CreateProjectAsync()).CreateServerAsync();
        await server.UpsertAsync("shop", "alice");
        var hook = await server.SendAsync(
            HttpMethod.Put, "before-send", new { url = receiver.Address, allowsOnFailure = open, milliseconds }).JsonAsync();
        Assert.DoesNotContain("whsec_", (await server.GetJsonAsync("before-send")).GetRawText(), StringComparison.Ordinal);
        return (server, hook.GetProperty("secret").GetString()!);
    }

    private Task<VoxApp> StartAsync() => VoxApp.StartAsync(backends, ["Outbound:AllowLoopback=true"]);
}
