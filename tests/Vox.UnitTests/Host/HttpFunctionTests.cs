using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Vox.Tests.Host;

public sealed class HttpFunctionTests
{
    [Theory]
    [InlineData("/results/ok", 200, """{"firstName":"Alice"}""")]
    [InlineData("/results/json", 200, """{"firstName":"Alice"}""")]
    [InlineData("/results/content", 200, "text")]
    [InlineData("/results/iresult", 200, """{"firstName":"Alice"}""")]
    [InlineData("/results/status", 418, "")]
    [InlineData("/results/redirect", 302, "")]
    [InlineData("/results/file", 200, "file")]
    [InlineData("/results/null", 200, "")]
    [InlineData("/results/plain", 200, "")]
    [InlineData("/results/throw", 500, "")]
    [InlineData("/void", 200, "")]
    [InlineData("/task", 200, "")]
    [InlineData("/static", 202, "")]
    public async Task Result_OfEveryKind_IsWrittenAsOnThePlatform(string path, int status, string body)
    {
        await using var app = await HostedApp.StartAsync(typeof(Results));

        Assert.Equal(((HttpStatusCode)status, body), await app.GetAsync(path));
    }

    [Fact]
    public async Task OkObjectResult_IsSentChunked_AndContentResultWithItsLength()
    {
        await using var app = await HostedApp.StartAsync(typeof(Results));

        using var ok = await app.Client.GetAsync(new Uri("/results/ok", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var content = await app.Client.GetAsync(
            new Uri("/results/content", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        Assert.True(ok.Headers.TransferEncodingChunked);
        Assert.Equal(4, content.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Exception_AfterTheResponseStarted_CutsItOff()
    {
        await using var app = await HostedApp.StartAsync(typeof(Results));

        using var response = await app.Client.GetAsync(
            new Uri("/results/late", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(
        "/bind/alice/7/9000000000/2b1f1a50-0c1e-4c3a-9a53-0a4b8b2d8f11/true",
        "alice 7 9000000000 2b1f1a50-0c1e-4c3a-9a53-0a4b8b2d8f11 True")]
    [InlineData("/bind/a%20%C3%BC/-1/0/2b1f1a50-0c1e-4c3a-9a53-0a4b8b2d8f11/false", "a ü -1 0 2b1f1a50-0c1e-4c3a-9a53-0a4b8b2d8f11 False")]
    public async Task RouteValues_BindByNameIgnoringCase_ConvertedToTheParameterType(string path, string expected)
    {
        await using var app = await HostedApp.StartAsync(typeof(Bound));

        Assert.Equal((HttpStatusCode.OK, expected), await app.GetAsync(path));
    }

    [Fact]
    public async Task RouteValue_ThatCannotBeConverted_IsAnEmpty500()
    {
        await using var app = await HostedApp.StartAsync(typeof(Bound));

        Assert.Equal((HttpStatusCode.InternalServerError, ""), await app.GetAsync("/bind/alice/seven/0/x/true"));
    }

    [Fact]
    public async Task Context_OfAnInvocation_KnowsFunctionAndRequest()
    {
        await using var app = await HostedApp.StartAsync(typeof(Bound));

        var (_, body) = await app.GetAsync("/context");

        Assert.Equal($"Context {typeof(Bound).FullName}.Context True True", body);
    }

    [Fact]
    public async Task Disconnect_OfTheClient_CancelsTheToken()
    {
        var waiting = new Waiting();
        var builder = HostedApp.Builder(typeof(WaitingFunction));
        builder.Services.AddSingleton(waiting);
        await using var app = await HostedApp.StartAsync(builder);
        using var client = new CancellationTokenSource();

        var request = app.Client.GetAsync(new Uri("/wait", UriKind.Relative), client.Token);
        await waiting.Started.Task;
        await client.CancelAsync();

        await waiting.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    [Fact]
    public async Task FunctionClass_OfEachInvocation_IsNewInTheRequestsOwnScope()
    {
        var builder = HostedApp.Builder(typeof(Scoped));
        builder.Services.AddScoped<ScopedService>();
        await using var app = await HostedApp.StartAsync(builder);

        var (_, first) = await app.GetAsync("/scoped");
        var (_, second) = await app.GetAsync("/scoped");

        Assert.StartsWith("True True ", first, StringComparison.Ordinal);
        Assert.NotEqual(first, second, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("/keyed", null, 401)]
    [InlineData("/keyed", "wrong", 401)]
    [InlineData("/keyed", "local-function-key", 200)]
    [InlineData("/keyed", "local-master-key", 200)]
    [InlineData("/adminkeyed", "local-function-key", 401)]
    [InlineData("/adminkeyed", "local-master-key", 200)]
    public async Task Key_OfAProtectedFunction_IsRequired(string path, string? key, int status)
    {
        await using var app = await HostedApp.StartAsync(typeof(Keyed));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        using var byHeader = await app.Client.SendAsync(request);
        var byQuery = await app.GetAsync(key is null ? path : $"{path}?code={key}");

        Assert.Equal((HttpStatusCode)status, byHeader.StatusCode);
        Assert.Equal(((HttpStatusCode)status, ""), byQuery);
    }

    [Fact]
    public async Task Body_OverTheLimit_Is500AndNever413()
    {
        var builder = HostedApp.Builder(typeof(Bodies));
        builder.Services.Configure<KestrelServerOptions>(o => o.Limits.MaxRequestBodySize = 1000);
        await using var app = await HostedApp.StartAsync(builder);

        Assert.Equal((HttpStatusCode.OK, "1000"), await app.SendAsync(HttpMethod.Post, "/length", new ByteArrayContent(new byte[1000])));
        Assert.Equal(
            (HttpStatusCode.InternalServerError, ""),
            await app.SendAsync(HttpMethod.Post, "/length", new ByteArrayContent(new byte[1001])));
    }

    [Fact]
    public async Task Body_WithoutAConfiguredLimit_MayHave30MillionBytes()
    {
        await using var app = await HostedApp.StartAsync(typeof(Bodies));

        Assert.Equal(
            (HttpStatusCode.OK, "30000000"), await app.SendAsync(HttpMethod.Post, "/length", new ByteArrayContent(new byte[30_000_000])));
        Assert.Equal(
            (HttpStatusCode.InternalServerError, ""),
            await app.SendAsync(HttpMethod.Post, "/length", new ByteArrayContent(new byte[30_000_001])));
    }

    [Fact]
    public async Task Bodies_OfEveryForm_ArriveIntact()
    {
        await using var app = await HostedApp.StartAsync(typeof(Bodies));
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("a", "x+y &ü")]);
        using var multipart = new MultipartFormDataContent { { new StringContent("x+y &ü"), "a" } };
        using var gzip = new ByteArrayContent([1, 2, 3]) { Headers = { ContentEncoding = { "gzip" } } };

        Assert.Equal("x+y &ü", (await app.SendAsync(HttpMethod.Post, "/form", form)).Body);
        Assert.Equal("x+y &ü", (await app.SendAsync(HttpMethod.Post, "/form", multipart)).Body);
        Assert.Equal("3", (await app.SendAsync(HttpMethod.Post, "/length", gzip)).Body);
        Assert.Equal("a b/c+d", (await app.SendAsync(HttpMethod.Delete, "/query?q=a+b%2Fc%2Bd")).Body);
    }

    [Fact]
    public async Task StartupFilter_InTheServices_AddsAspNetMiddleware()
    {
        var builder = HostedApp.Builder(typeof(Results));
        builder.Services.AddSingleton<IStartupFilter, HeaderFilter>();
        await using var app = await HostedApp.StartAsync(builder);

        using var response = await app.Client.GetAsync(new Uri("/results/ok", UriKind.Relative));

        Assert.Equal("yes", Assert.Single(response.Headers.GetValues("x-filtered")));
    }

    public sealed record Person(string FirstName);

    public sealed class Results
    {
        [Function("Result")]
        public async Task<object?> Run(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "results/{kind}")] HttpRequest request, string kind)
        {
            if (kind is "late")
            {
                await request.HttpContext.Response.WriteAsync("begun");
                await request.HttpContext.Response.Body.FlushAsync();
            }

            return kind switch
            {
                "ok" => new OkObjectResult(new Person("Alice")),
                "json" => new JsonResult(new Person("Alice")),
                "content" => new ContentResult { Content = "text" },
                "iresult" => Microsoft.AspNetCore.Http.Results.Json(new Person("Alice")),
                "status" => new StatusCodeResult(418),
                "redirect" => new RedirectResult("https://example.org/"),
                "file" => new FileStreamResult(new MemoryStream(Encoding.UTF8.GetBytes("file")), "text/plain"),
                "plain" => new Person("Alice"),
                "null" => null,
                _ => throw new InvalidOperationException("secret"),
            };
        }

        [Function("Void")]
        public void Void([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => _ = request;

        [Function("Task")]
        public Task Task([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
            => System.Threading.Tasks.Task.CompletedTask;

        [Function("Static")]
        public static IActionResult Static([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new AcceptedResult();
    }

    public sealed class Bound
    {
        [Function("Bind")]
        public IActionResult Run(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "bind/{NAME}/{number}/{big}/{id}/{flag}")] HttpRequest request,
            string name,
            int number,
            long big,
            Guid id,
            bool flag) => new ContentResult { Content = $"{name} {number} {big} {id} {flag}" };

        [Function("Context")]
        public IActionResult Context([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context)
            => new ContentResult
            {
                Content = $"{context.FunctionDefinition.Name} {context.FunctionDefinition.EntryPoint} "
                    + $"{context.GetHttpContext() == request.HttpContext} {Guid.TryParse(context.InvocationId, out _)}",
            };
    }

    public sealed class Waiting
    {
        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public sealed class WaitingFunction(Waiting waiting)
    {
        [Function("Wait")]
        public async Task Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellation)
        {
            await using var both = request.HttpContext.RequestAborted.Register(() => waiting.Cancelled.TrySetResult());
            waiting.Started.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
        }
    }

    public sealed class ScopedService
    {
        public Guid Id { get; } = Guid.NewGuid();
    }

    public sealed class Scoped(ScopedService service)
    {
        [Function("Scoped")]
        public IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context)
            => new ContentResult
            {
                Content = $"{ReferenceEquals(context.InstanceServices, request.HttpContext.RequestServices)} "
                    + $"{ReferenceEquals(context.InstanceServices.GetRequiredService<ScopedService>(), service)} {service.Id}",
            };
    }

    public sealed class Keyed
    {
        [Function("Keyed")]
        public void Run([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => _ = request;

        [Function("AdminKeyed")]
        public void RunAdmin([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => _ = request;
    }

    public sealed class Bodies
    {
        [Function("Length")]
        public async Task<IActionResult> Length([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request)
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            return new ContentResult { Content = body.Length.ToString() };
        }

        [Function("Form")]
        public async Task<IActionResult> Form([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request) =>
            new ContentResult { Content = (await request.ReadFormAsync())["a"], ContentType = "text/plain; charset=utf-8" };

        [Function("Query")]
        public IActionResult Query([HttpTrigger(AuthorizationLevel.Anonymous, "delete")] HttpRequest request) =>
            new ContentResult { Content = request.Query["q"] };
    }

    private sealed class HeaderFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                context.Response.Headers["x-filtered"] = "yes";
                return rest(context);
            });
            next(app);
        };
    }
}
