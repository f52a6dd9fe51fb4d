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
