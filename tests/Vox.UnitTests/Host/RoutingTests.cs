using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Vox.Tests.Host;

public sealed class RoutingTests
{
    [Theory]
    [InlineData("GET", "/users/me", "AaMe")]
    [InlineData("GET", "/users/alice", "GetUser alice")]
    [InlineData("GET", "/USERS/alice/", "GetUser alice")]
    [InlineData("POST", "/users/alice", "PostUser alice")]
    [InlineData("GET", "/numbers/42", "GetNumber 42")]
    [InlineData("GET", "/numbers/many", "ZzEverything numbers/many")]
    [InlineData("GET", "/unrouted", "Unrouted")]
    [InlineData("GET", "/portal", "Portal -")]
    [InlineData("GET", "/portal/a/b", "Portal a/b")]
    [InlineData("GET", "/portal/a%2Fb", "Portal a%2Fb")]
    [InlineData("GET", "/list", "List -")]
    [InlineData("GET", "/list/3", "List 3")]
    [InlineData("GET", "/", "Root")]
    [InlineData("GET", "/admin/else", "ZzEverything admin/else")]
    [InlineData("PATCH", "/any", "AnyMethod")]
    [InlineData("DELETE", "/any", "AnyMethod")]
    public async Task Request_MatchingSeveralRoutes_ReachesTheFirstByFunctionName(string method, string path, string expected)
    {
        await using var app = await HostedApp.StartAsync(typeof(RoutedFunctions));

        var (status, body) = await app.SendAsync(new HttpMethod(method), path);

        Assert.Equal((HttpStatusCode.OK, expected), (status, body));
    }

    [Theory]
    [InlineData("PUT", "/users/alice")]
    [InlineData("HEAD", "/users/alice")]
    [InlineData("OPTIONS", "/users/alice")]
    [InlineData("GET", "/runtime/anything")]
    [InlineData("GET", "/admin/host/anything")]
    public async Task Request_WithoutMatch_Is404WithoutBody(string method, string path)
    {
        await using var app = await HostedApp.StartAsync(typeof(RoutedFunctions));

        var (status, body) = await app.SendAsync(new HttpMethod(method), path);

        Assert.Equal((HttpStatusCode.NotFound, ""), (status, body));
    }

    [Theory]
    [InlineData(typeof(SlashRoute), "breaks the platform")]
    [InlineData(typeof(EmptyRoute), "breaks the platform")]
    [InlineData(typeof(ReservedRoute), "belongs to the platform")]
    [InlineData(typeof(SameNameTwice), "Two functions are named")]
    public async Task Start_WithARouteThatCannotWork_SaysWhich(Type functions, string sentence)
    {
        using var host = HostedApp.Builder(functions).Build();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());

        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    public sealed class RoutedFunctions
    {
        [Function("AaMe")]
        public IActionResult Me([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "users/me")] HttpRequest request) => Text("AaMe");

        [Function("GetUser")]
        public IActionResult GetUser(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "users/{id}")] HttpRequest request, string id)
            => Text($"GetUser {id}");

        [Function("PostUser")]
        public IActionResult PostUser(
            [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "users/{id}")] HttpRequest request, string id)
            => Text($"PostUser {id}");

        [Function("GetNumber")]
        public IActionResult GetNumber(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "numbers/{n:int}")] HttpRequest request, int n)
            => Text($"GetNumber {n}");

        [Function("Unrouted")]
        public IActionResult Unrouted([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Text("Unrouted");

        [Function("Portal")]
        public IActionResult Portal(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portal/{*path}")] HttpRequest request, string? path)
            => Text($"Portal {path ?? "-"}");

        [Function("List")]
        public IActionResult List(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "list/{page:int?}")] HttpRequest request, int? page) =>
            Text($"List {page?.ToString() ?? "-"}");

        [Function("Root")]
        public IActionResult Root(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{x:maxlength(0)?}")] HttpRequest request) => Text("Root");

        [Function("AnyMethod")]
        public IActionResult AnyMethod([HttpTrigger(AuthorizationLevel.Anonymous, Route = "any")] HttpRequest request) => Text("AnyMethod");

        [Function("ZzEverything")]
        public IActionResult Everything(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{*path}")] HttpRequest request, string? path)
            => Text($"ZzEverything {path}");

        private static ContentResult Text(string text) => new() { Content = text };
    }

    internal sealed class SlashRoute
    {
        [Function("Slash")]
        public static void Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "/")] HttpRequest request) => _ = request;
    }

    internal sealed class EmptyRoute
    {
        [Function("Empty")]
        public static void Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "")] HttpRequest request) => _ = request;
    }

    internal sealed class ReservedRoute
    {
        [Function("Reserved")]
        public static void Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "runtime/x")] HttpRequest request) => _ = request;
    }

    internal sealed class SameNameTwice
    {
        [Function("Twice")]
        public static void Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => _ = request;

        [Function("twice")]
        public static void RunAgain([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request) => _ = request;
    }
}
