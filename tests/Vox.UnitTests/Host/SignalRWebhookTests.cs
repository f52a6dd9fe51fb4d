using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Vox.Tests.Host;

public sealed class SignalRWebhookTests
{
    private const string Key = "local-signalr-key";

    [Fact]
    public async Task Connected_WithUserQueryAndClaims_TellsTheFunctionAll()
    {
        await using var app = await StartAsync();
        var e = new Upstream("connections", "connected") { Body = """{"type":10}""" };

        Assert.Equal((HttpStatusCode.OK, ""), await SendAsync(app, e));

        var context = Assert.IsType<SignalRInvocationContext>(Assert.Single(Log(app)));
        Assert.Equal(("chat", "connected", "c1", "p:alice"), (context.Hub, context.Event, context.ConnectionId, context.UserId));
        Assert.Equal(SignalRInvocationCategory.Connections, context.Category);
        Assert.Equal("a b", context.Query["q"]);
        Assert.Equal("alice", context.Claims["name"]);
        Assert.Equal("http://h/role: x", context.Claims["role"]);
        Assert.Equal("chat", context.Headers["X-ASRS-Hub"].ToString());
    }

    [Fact]
    public async Task Connected_WithoutUserAndClaims_LeavesThemNull()
    {
        await using var app = await StartAsync();

        await SendAsync(app, new Upstream("connections", "connected") { Body = """{"type":10}""", UserId = null, Claims = null });

        var context = Assert.IsType<SignalRInvocationContext>(Assert.Single(Log(app)));
        Assert.Null(context.UserId);
        Assert.Null(context.Claims);
    }

    [Fact]
    public async Task Connected_WhenTheFunctionThrows_RefusesTheConnection()
    {
        await using var app = await StartAsync();

        Assert.Equal((HttpStatusCode.Forbidden, ""), await SendAsync(app, new Upstream("connections", "connected") { UserId = "refused" }));
    }

    [Fact]
    public async Task Connected_WhenItsOutputFails_RefusesTheConnection()
    {
        await using var service = await FakeSignalRService.StartAsync();
        service.Answer = _ => Task.FromResult(500);
        await using var app = await StartAsync(service.ConnectionString);

        Assert.Equal((HttpStatusCode.Forbidden, ""), await SendAsync(app, new Upstream("connections", "connected") { UserId = "greeted" }));
        Assert.Single(service.Calls);
    }

    [Fact]
    public async Task Disconnected_WithAnError_TellsIt()
    {
        await using var app = await StartAsync();

        var answer = await SendAsync(app, new Upstream("connections", "disconnected") { Body = """{"type":11,"error":"gone"}""" });

        Assert.Equal((HttpStatusCode.OK, ""), answer);
        Assert.Equal("gone", Assert.Single(Log(app)));
    }

    [Fact]
    public async Task Message_WithNamedParameters_BindsThem()
    {
        await using var app = await StartAsync();
        var body = """{"type":1,"target":"typing","arguments":["2026-03-01T12:00:00.123+02:00",{"NAME":"x","count":2},{"a": 1},7]}""";

        Assert.Equal((HttpStatusCode.OK, ""), await SendAsync(app, new Upstream("messages", "typing") { Body = body + "\u001e" }));

        Assert.Equal(["2026-03-01T12:00:00.123+02:00", new Named("x", 2), """{"a": 1}""", 7, JsonValueKind.Object], Log(app));
    }

    [Fact]
    public async Task Message_WithFewerArgumentsThanNames_DoesNotRun()
    {
        await using var app = await StartAsync();

        await SendAsync(app, new Upstream("messages", "typing") { Body = """{"type":1,"target":"typing","arguments":["x"]}""" });

        Assert.Empty(Log(app));
    }

    [Fact]
    public async Task Invoke_OfAFunction_CompletesWithoutItsReturnValue()
    {
        await using var app = await StartAsync();

        var answer = await SendAsync(app, new Upstream("messages", "ask") { Body = Invocation("ask", "fine") });

        Assert.Equal((HttpStatusCode.OK, """{"type":3,"invocationId":"1","result":null}""" + "\u001e"), answer);
    }

    [Fact]
    public async Task Invoke_OfAFunctionThatThrows_TellsTheClientMessageAndStack()
    {
        await using var app = await StartAsync();

        var (status, body) = await SendAsync(app, new Upstream("messages", "ask") { Body = Invocation("ask", "throw") });

        Assert.Equal(HttpStatusCode.OK, status);
        var completion = JsonDocument.Parse(body.TrimEnd('\u001e')).RootElement;
        Assert.Equal("1", completion.GetProperty("invocationId").GetString());
        Assert.Contains("secret of the function", completion.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("Stack:", completion.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_OfAFunctionThatThrows_TellsNobody()
    {
        await using var app = await StartAsync();

        var answer = await SendAsync(app, new Upstream("messages", "ask") { Body = """{"type":1,"target":"ask","arguments":["throw"]}""" });

        Assert.Equal((HttpStatusCode.OK, ""), answer);
    }

    [Theory]
    [InlineData("CHAT", "MESSAGES", "ASK", 200)]
    [InlineData("other", "messages", "ask", 404)]
    [InlineData("chat", "messages", "other", 404)]
    [InlineData("chat", "connections", "ask", 404)]
    [InlineData("chat", "unknown", "ask", 400)]
    public async Task Event_ForAHubAndName_IsFoundIgnoringCase(string hub, string category, string name, int status)
    {
        await using var app = await StartAsync();

        var answer = await SendAsync(app, new Upstream(category, name) { Hub = hub, Body = Invocation(name, "fine") });

        Assert.Equal((HttpStatusCode)status, answer.Status);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    public async Task Event_WithoutAMessage_Is400(string body)
    {
        await using var app = await StartAsync();

        Assert.Equal((HttpStatusCode.BadRequest, ""), await SendAsync(app, new Upstream("connections", "connected") { Body = body }));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("wrong", null)]
    [InlineData("local-function-key", null)]
    [InlineData(Key, "sha256=00")]
    [InlineData(Key, "")]
    public async Task Event_WithWrongCodeOrSignature_Is401(string? code, string? signature)
    {
        await using var app = await StartAsync();

        var answer = await SendAsync(app, new Upstream("connections", "connected") { Code = code, Signature = signature });

        Assert.Equal((HttpStatusCode.Unauthorized, ""), answer);
        Assert.Empty(Log(app));
    }

    [Fact]
    public async Task Event_SignedWithOneOfTwoKeys_IsAccepted()
    {
        await using var app = await StartAsync();
        var signature = "sha256=" + new string('0', 64) + "," + Sign("c1");

        var answer = await SendAsync(app, new Upstream("connections", "connected") { Signature = signature });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task Event_WithoutAConnectionString_Is404()
    {
        await using var app = await StartAsync(connectionString: "");

        Assert.Equal((HttpStatusCode.NotFound, ""), await SendAsync(app, new Upstream("connections", "connected")));
    }

    private static string Invocation(string target, string argument) =>
        $$"""{"type":1,"invocationId":"1","target":"{{target}}","arguments":["{{argument}}"]}""" + "\u001e";

    private static string Sign(string connectionId) => "sha256=" + Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(FakeSignalRService.AccessKey), Encoding.UTF8.GetBytes(connectionId)));

    private static ConcurrentQueue<object> Log(HostedApp app) => app.Services.GetRequiredService<ConcurrentQueue<object>>();

    private static Task<HostedApp> StartAsync(string? connectionString = null)
    {
        FunctionsApplicationBuilder builder = HostedApp.Builder(typeof(Functions));
        builder.Configuration["AzureSignalRConnectionString"] =
            connectionString ?? $"Endpoint=http://localhost;Port=1;AccessKey={FakeSignalRService.AccessKey};Version=1.0;";
        builder.Services.AddSingleton(new ConcurrentQueue<object>());
        return HostedApp.StartAsync(builder);
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(HostedApp app, Upstream e)
    {
        var path = "/runtime/webhooks/signalr" + (e.Code is null ? "" : $"?code={e.Code}");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
        request.Content = new StringContent(e.Body, Encoding.UTF8, "application/json");
        request.Headers.Add("X-ASRS-Hub", e.Hub);
        request.Headers.Add("X-ASRS-Category", e.Category);
        request.Headers.Add("X-ASRS-Event", e.Event);
        request.Headers.Add("X-ASRS-Connection-Id", "c1");
        request.Headers.Add("X-ASRS-Client-Query", "?q=a%20b");
        request.Headers.Add("X-ASRS-Signature", e.Signature ?? Sign("c1"));
        if (e.UserId is not null)
        {
            request.Headers.TryAddWithoutValidation("X-ASRS-User-Id", e.UserId);
        }

        if (e.Claims is not null)
        {
            request.Headers.Add("X-ASRS-User-Claims", e.Claims);
        }

        using var response = await app.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private sealed record Upstream(string Category, string Event)
    {
        public string Hub { get; init; } = "chat";

        public string? Code { get; init; } = Key;

        public string? Signature { get; init; }

        public string? UserId { get; init; } = "p:alice";

        public string? Claims { get; init; } = "name: alice,role: http://h/role: x, name: second";

        public string Body { get; init; } = "{}";
    }

    public sealed record Named(string Name, int Count);

    public sealed class Functions(ConcurrentQueue<object> log)
    {
        [Function("Connected")]
        [SignalROutput(HubName = "chat")]
        public SignalRMessageAction? Connected([SignalRTrigger("Chat", "connections", "connected")] SignalRInvocationContext context)
        {
            if (context.UserId is "refused")
            {
                throw new InvalidOperationException();
            }

            log.Enqueue(context);
            return context.UserId is "greeted" ? new SignalRMessageAction("hello", []) { ConnectionId = context.ConnectionId } : null;
        }

        [Function("Disconnected")]
        public void Disconnected([SignalRTrigger("chat", "connections", "disconnected")] SignalRInvocationContext context)
            => log.Enqueue(context.Error!);

        [Function("Typing")]
        public Task Typing(
            [SignalRTrigger("chat", "messages", "typing", "text", "named", "anything", "number")] SignalRInvocationContext context,
            string text,
            Named named,
            object anything,
            int number)
        {
            foreach (var item in new object[] { text, named, anything, number, ((JsonElement)context.Arguments![1]).ValueKind })
            {
                log.Enqueue(item);
            }

            return Task.CompletedTask;
        }

        [Function("Ask")]
        public string Ask([SignalRTrigger("chat", "messages", "ask")] SignalRInvocationContext context) =>
            ((JsonElement)context.Arguments![0]).GetString() is "throw"
                ? throw new InvalidOperationException("secret of the function")
                : "answer";
    }
}
