using System.Net;
using Azure.Core.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Vox.Tests.Host;

public sealed class SignalROutputTests
{
    private const string Query = "?api-version=2022-06-01";
    private const string Done = """{"text":"done"}""";
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("user", "POST /api/hubs/chat/users/p%3A%C3%BC%20%2F/:send" + Query)]
    [InlineData("group", "POST /api/hubs/chat/groups/g%2F1/:send" + Query)]
    [InlineData("connection", "POST /api/hubs/chat/connections/c1/:send" + Query)]
    [InlineData("all", "POST /api/hubs/chat/:send" + Query)]
    [InlineData("addUser", "PUT /api/hubs/chat/users/alice/groups/g" + Query)]
    [InlineData("removeUser", "DELETE /api/hubs/chat/users/alice/groups/g" + Query)]
    [InlineData("removeUserFromAll", "DELETE /api/hubs/chat/users/alice/groups" + Query)]
    [InlineData("addConnection", "PUT /api/hubs/chat/groups/g/connections/c1" + Query)]
    [InlineData("removeConnection", "DELETE /api/hubs/chat/groups/g/connections/c1" + Query)]
    public async Task Action_OfEachKind_IsOneCallToTheLowerCasedHub(string kind, string line)
    {
        await using var service = await FakeSignalRService.StartAsync();
        await using var app = await HostedApp.StartAsync(Builder(service));

        Assert.Equal((HttpStatusCode.OK, Done), await app.GetAsync($"/push/{kind}"));

        Assert.Equal(line, Assert.Single(service.Calls).Line);
    }

    [Fact]
    public async Task Message_ByDefault_KeepsDeclaredNamesAndUnicodeAndShortensNumbers()
    {
        await using var service = await FakeSignalRService.StartAsync();
        await using var app = await HostedApp.StartAsync(Builder(service));

        await app.GetAsync("/push/user");

        Assert.Equal(
            """{"Target":"hello","Arguments":[{"FirstName":"Zoë <&> 漢","Amount":1.1,"Count":3},"text"]}""",
            Assert.Single(service.Calls).Body);
    }

    [Fact]
    public async Task Message_WithAWebSerializer_HasCamelCasedArguments()
    {
        await using var service = await FakeSignalRService.StartAsync();
        var builder = Builder(service);
        builder.Services.Configure<WorkerOptions>(
            o => o.Serializer = new JsonObjectSerializer(new(System.Text.Json.JsonSerializerDefaults.Web)));
        await using var app = await HostedApp.StartAsync(builder);

        await app.GetAsync("/push/user");

        Assert.StartsWith("""{"Target":"hello","Arguments":[{"firstName":""", Assert.Single(service.Calls).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ToTheService_CarriesATokenForItsUrl()
    {
        await using var service = await FakeSignalRService.StartAsync();
        await using var app = await HostedApp.StartAsync(Builder(service));

        await app.GetAsync("/push/connection");

        var token = Assert.Single(service.Calls).Authorization["Bearer ".Length..];
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = new SymmetricSecurityKey(System.Text.Encoding.UTF8.GetBytes(FakeSignalRService.AccessKey)),
            ValidAudience = $"http://localhost:{service.Port}/api/hubs/chat/connections/c1/:send",
            ValidateIssuer = false,
            LifetimeValidator = (from, to, _, _) => from <= Now.UtcDateTime && to > Now.UtcDateTime,
        });
        Assert.True(result.IsValid, result.Exception?.Message);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("empty")]
    public async Task Output_NullOrEmpty_CallsNobody(string kind)
    {
        await using var service = await FakeSignalRService.StartAsync();
        await using var app = await HostedApp.StartAsync(Builder(service));

        Assert.Equal((HttpStatusCode.OK, Done), await app.GetAsync($"/push/{kind}"));

        Assert.Empty(service.Calls);
    }

    [Fact]
    public async Task Elements_OfOneProperty_AreSentInOrderAndAFailureDropsTheRest()
    {
        await using var service = await FakeSignalRService.StartAsync();
        service.Answer = call => Task.FromResult(call.Line.Contains("/u2/", StringComparison.Ordinal) ? 500 : 202);
        await using var app = await HostedApp.StartAsync(Builder(service));

        await Assert.ThrowsAsync<HttpRequestException>(() => app.GetAsync("/push/three"));

        Assert.Equal(["/u1/", "/u2/"], service.Calls.Select(c => c.Line.Split("users")[1][..4]), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Properties_OfOneResult_AreSentInParallel()
    {
        await using var service = await FakeSignalRService.StartAsync();
        var both = new TaskCompletionSource();
        service.Answer = async _ =>
        {
            if (service.Calls.Count() == 2)
            {
                both.TrySetResult();
            }

            await both.Task.WaitAsync(TimeSpan.FromSeconds(10));
            return 202;
        };
        await using var app = await HostedApp.StartAsync(Builder(service));

        Assert.Equal((HttpStatusCode.OK, Done), await app.GetAsync("/push/both"));
    }

    [Fact]
    public async Task ResultWithABody_ReachesTheClientBeforeThePush_AndEndsAfterIt()
    {
        await using var service = await FakeSignalRService.StartAsync();
        var push = new TaskCompletionSource<int>();
        service.Answer = _ => push.Task;
        await using var app = await HostedApp.StartAsync(Builder(service));

        using var response = await app.Client.GetAsync(new Uri("/object", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        var body = response.Content.ReadAsStringAsync();
        await Task.Yield();
        Assert.False(body.IsCompleted);
        push.SetResult(202);

        Assert.Equal(Done, await body);
    }

    [Fact]
    public async Task BodylessResult_WithASlowService_WaitsForThePush()
    {
        await using var service = await FakeSignalRService.StartAsync();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var push = new TaskCompletionSource<int>();
        service.Answer = _ =>
        {
            arrived.TrySetResult();
            return push.Task;
        };
        await using var app = await HostedApp.StartAsync(Builder(service));

        var response = app.GetAsync("/bodyless");
        await arrived.Task;
        Assert.False(response.IsCompleted);
        push.SetResult(202);

        Assert.Equal((HttpStatusCode.NoContent, ""), await response);
    }

    [Fact]
    public async Task BodylessResult_WhenThePushFails_IsAnEmpty500()
    {
        await using var service = await FakeSignalRService.StartAsync();
        service.Answer = _ => Task.FromResult(503);
        await using var app = await HostedApp.StartAsync(Builder(service));

        Assert.Equal((HttpStatusCode.InternalServerError, ""), await app.GetAsync("/bodyless"));
    }

    [Fact]
    public async Task BodylessResult_WhenTheServiceRefuses_IsAnEmpty500()
    {
        var service = await FakeSignalRService.StartAsync();
        await using var app = await HostedApp.StartAsync(Builder(service));
        await service.DisposeAsync();

        Assert.Equal((HttpStatusCode.InternalServerError, ""), await app.GetAsync("/bodyless"));
    }

    [Fact]
    public async Task OkObjectResult_WhenThePushFails_IsACutOff200()
    {
        await using var service = await FakeSignalRService.StartAsync();
        service.Answer = _ => Task.FromResult(503);
        await using var app = await HostedApp.StartAsync(Builder(service));

        using var response = await app.Client.GetAsync(new Uri("/object", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Message_WithoutArguments_FailsTheFunction()
    {
        await using var service = await FakeSignalRService.StartAsync();
        await using var app = await HostedApp.StartAsync(Builder(service));

        Assert.Equal((HttpStatusCode.InternalServerError, ""), await app.GetAsync("/noarguments"));
        Assert.Empty(service.Calls);
    }

    [Fact]
    public async Task ReturnValue_OfAFunctionWithTheAttribute_IsSent()
    {
        await using var service = await FakeSignalRService.StartAsync();
        await using var app = await HostedApp.StartAsync(Builder(service));

        Assert.Equal((HttpStatusCode.OK, ""), await app.GetAsync("/returned"));

        Assert.Equal("""{"Target":"returned","Arguments":[]}""", Assert.Single(service.Calls).Body);
    }

    private static FunctionsApplicationBuilder Builder(FakeSignalRService service)
    {
        var builder = HostedApp.Builder(typeof(Functions));
        builder.Configuration["AzureSignalRConnectionString"] = service.ConnectionString;
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now));
        return builder;
    }

    public sealed record Person(string FirstName, decimal Amount, long Count);

    public sealed class Pushed
    {
        [HttpResult]
        public IActionResult? Http { get; set; }

        [SignalROutput(HubName = "Chat")]
        public object[]? Actions { get; set; }

        [SignalROutput(HubName = "Chat")]
        public SignalRMessageAction? Other { get; set; }
    }

    public sealed class Functions
    {
        [Function("Push")]
        public Pushed Push([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "push/{kind}")] HttpRequest request, string kind)
        {
            object[] arguments = [new Person("Zoë <&> 漢", 1.10m, 3), "text"];
            var message = new SignalRMessageAction("hello", arguments);
            object[]? actions = kind switch
            {
                "user" => [new SignalRMessageAction("hello", arguments) { UserId = "p:ü /" }],
                "group" => [new SignalRMessageAction("hello", arguments) { GroupName = "g/1" }],
                "connection" => [new SignalRMessageAction("hello", arguments) { ConnectionId = "c1" }],
                "all" or "both" => [message],
                "three" => [ToUser("u1"), ToUser("u2"), ToUser("u3")],
                "addUser" => [new SignalRGroupAction(SignalRGroupActionType.Add) { UserId = "alice", GroupName = "g" }],
                "removeUser" => [new SignalRGroupAction(SignalRGroupActionType.Remove) { UserId = "alice", GroupName = "g" }],
                "removeUserFromAll" => [new SignalRGroupAction(SignalRGroupActionType.RemoveAll) { UserId = "alice" }],
                "addConnection" => [new SignalRGroupAction(SignalRGroupActionType.Add) { ConnectionId = "c1", GroupName = "g" }],
                "removeConnection" => [new SignalRGroupAction(SignalRGroupActionType.Remove) { ConnectionId = "c1", GroupName = "g" }],
                "empty" => [],
                _ => null,
            };
            return new Pushed
            {
                Http = new OkObjectResult(new { Text = "done" }),
                Actions = actions,
                Other = kind is "both" ? message : null
            };
        }

        [Function("Bodyless")]
        public Pushed Bodyless([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
            new() { Http = new NoContentResult(), Other = ToUser("u") };

        [Function("Object")]
        public Pushed Object([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
            new() { Http = new OkObjectResult(new { Text = "done" }), Other = ToUser("u") };

        [Function("NoArguments")]
        public Pushed NoArguments([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
            new() { Http = new OkResult(), Other = new SignalRMessageAction("hello") };

        [Function("Returned")]
        [SignalROutput(HubName = "chat")]
        public SignalRMessageAction Returned([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new("returned", []);

        private static SignalRMessageAction ToUser(string user) => new("hello", []) { UserId = user };
    }
}
