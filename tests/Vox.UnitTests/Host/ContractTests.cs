using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vox.DevHost.Rpc;

namespace Vox.Tests.Host;

/// <summary>
/// What this host tells the worker, in the same way as the real host: the handshake, the names by which parameters are bound, the headers,
/// and the end.
/// </summary>
public sealed class ContractTests
{
    [Fact]
    public async Task Handshake_WithTheRealWorker_TellsCapabilitiesAndEveryFunction()
    {
        await using var app = await HostedApp.StartAsync(typeof(Offered), typeof(Slow));
        var channel = app.Services.GetRequiredService<WorkerChannel>();

        Assert.Equal("True", channel.Capabilities["HandlesWorkerTerminateMessage"]);
        Assert.Equal("True", channel.Capabilities["HandlesInvocationCancelMessage"]);
        Assert.StartsWith("http://", channel.Capabilities["HttpUri"], StringComparison.Ordinal);
        Assert.Equal(["Bound", "Headers", "Optional", "Slow"], (await channel.Functions).Select(f => f.Name), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Ping_OfTheWorker_DisturbsNothing()
    {
        await using var app = await HostedApp.StartAsync(typeof(Offered));

        app.Services.GetRequiredService<WorkerChannel>().Ping("1");

        Assert.Equal((HttpStatusCode.OK, "- - -"), await app.GetAsync("/bound"));
    }

    [Theory]
    [InlineData("/bound?word=fromQuery", null, "fromQuery - -")]
    [InlineData("/bound?WORD=fromQuery", null, "fromQuery - -")]
    [InlineData("/bound", """{"word":"fromBody","number":7,"thing":{"a":1}}""", """fromBody 7 {"a":1}""")]
    [InlineData("/bound?word=fromQuery", """{"word":"fromBody"}""", "fromQuery - -")]
    [InlineData("/bound?word=a&query=b&headers=c", """{"Word":"d","QUERY":"e","word":"f"}""", "a - -")]
    [InlineData("/bound", """{"word":null}""", "- - -")]
    [InlineData("/bound", """["word"]""", "- - -")]
    [InlineData("/bound", "{", "- - -")]
    [InlineData("/bound", """{"word":"\ud800"}""", "- - -")]
    public async Task Parameters_ThatAreNoTriggers_AreBoundFromQueryAndBody(string path, string? body, string expected)
    {
        await using var app = await HostedApp.StartAsync(typeof(Offered));

        var (status, text) = await app.SendAsync(
            HttpMethod.Post, path, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal((HttpStatusCode.OK, expected), (status, text));
    }

    [Theory]
    [InlineData("/optional/route?word=query", "route")]
    [InlineData("/optional?word=query", "-")]
    public async Task RouteValues_AlsoAbsentOptionalOnes_WinOverTheQuery(string path, string expected)
    {
        await using var app = await HostedApp.StartAsync(typeof(Offered));

        Assert.Equal((HttpStatusCode.OK, expected), await app.GetAsync(path));
    }

    [Fact]
    public async Task Body_OfAJsonRequest_IsStillThereForTheFunction()
    {
        await using var app = await HostedApp.StartAsync(typeof(HttpFunctionTests.Bodies));
        var json = $$"""{"word":"{{new string('x', 5000)}}"}""";

        Assert.Equal(
            (HttpStatusCode.OK, $"{json.Length}"),
            await app.SendAsync(HttpMethod.Post, "/length", new StringContent(json, Encoding.UTF8, "application/json")));
    }

    [Fact]
    public async Task Body_ThatDoesNotCome_IsA408AndNoFailureOfTheFunction()
    {
        var builder = HostedApp.Builder(typeof(HttpFunctionTests.Bodies));
        builder.Services.Configure<KestrelServerOptions>(
            o => o.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(1.1)));
        await using var app = await HostedApp.StartAsync(builder);
        using var client = new TcpClient();
        await client.ConnectAsync(app.Address.Host, app.Address.Port);

        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"));
        using var reader = new StreamReader(client.GetStream());

        Assert.StartsWith("HTTP/1.1 408 ", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_ThatBelongToTheHost_AreNotTheClients()
    {
        await using var app = await HostedApp.StartAsync(typeof(Offered));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/headers");
        var own = Guid.NewGuid().ToString();
        foreach (var (name, value) in new[]
        {
            ("x-ms-invocation-id", own),
            ("X-Forwarded-For", "1.2.3.4"),
            ("X-Forwarded-Host", "evil.example"),
            ("X-Forwarded-Proto", "https")
        })
        {
            request.Headers.Add(name, value);
        }

        using var answer = await app.Client.SendAsync(request).WaitAsync(TimeSpan.FromSeconds(10));
        var seen = (await answer.Content.ReadAsStringAsync()).Split(' ');

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["http", app.Address.Authority, "127.0.0.1"], seen[1..], StringComparer.Ordinal);
        Assert.True(Guid.TryParse(seen[0], out var id) && id != Guid.Parse(own));
    }

    [Fact]
    public async Task Function_ThatIsDisabled_StillOwnsItsRoute()
    {
        var builder = HostedApp.Builder(typeof(Offered), typeof(RoutingTests.RoutedFunctions));
        builder.Configuration["AzureWebJobs.Headers.Disabled"] = "true";
        await using var app = await HostedApp.StartAsync(builder);

        // Otherwise the function ZzEverything would answer this request.
        Assert.Equal((HttpStatusCode.NotFound, ""), await app.GetAsync("/headers"));
    }

    [Fact]
    public async Task Stop_WhileRequestsRun_FinishesThemAndTakesNoMore()
    {
        var gate = new Gate();
        var builder = HostedApp.Builder(typeof(Slow));
        builder.Services.AddSingleton(gate);
        using var host = builder.Build();
        await host.StartAsync();
        using var client = new HttpClient();
        var address = host.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
            .Features.Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!.Addresses.Single();
        var running = client.GetStringAsync(new Uri($"{address}/slow"));
        await gate.Entered.Task;

        var stop = host.StopAsync();
        using var refused = await client.GetAsync(new Uri($"{address}/slow"));
        Assert.False(stop.IsCompleted);
        gate.Open.SetResult();

        Assert.Equal("done", await running);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await stop.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Invocation_AfterTheStreamHasEnded_FailsAtOnce()
    {
        await using var app = await HostedApp.StartAsync(typeof(Offered));
        var channel = app.Services.GetRequiredService<WorkerChannel>();
        var function = (await channel.Functions)[0];

        channel.Close();
        var response = await channel.InvokeAsync(
            new InvocationRequest { InvocationId = "1", FunctionId = function.Id }, CancellationToken.None)
            .WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(StatusResult.Types.Status.Failure, response.Result.Status);
        Assert.Equal("The worker is gone.", response.Result.Exception.Message);
    }

    [Fact]
    public async Task Apps_InOneProcess_HaveWorkersOfTheirOwn()
    {
        var apps = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => HostedApp.StartAsync(typeof(Offered))));

        foreach (var app in apps)
        {
            Assert.Equal((HttpStatusCode.OK, "- - -"), await app.GetAsync("/bound"));
        }

        Assert.Equal(
            4,
            apps.Select(app => app.Services.GetRequiredService<IConfiguration>()["Functions:Worker:WorkerId"])
                .Distinct(StringComparer.Ordinal).Count());
        foreach (var app in apps)
        {
            await app.DisposeAsync();
        }
    }

    public sealed class Offered
    {
        [Function("Bound")]
        public IActionResult Bound(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post")] HttpRequest request, string? word, int? number, string? thing) =>
            new ContentResult { Content = $"{word ?? "-"} {number?.ToString() ?? "-"} {thing ?? "-"}" };

        [Function("Optional")]
        public IActionResult Optional(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "optional/{word?}")] HttpRequest request, string? word) =>
            new ContentResult { Content = word ?? "-" };

        [Function("Headers")]
        public IActionResult Headers([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new ContentResult
        {
            Content = $"{request.Headers["x-ms-invocation-id"]} {request.Scheme} {request.Host} "
                + $"{request.HttpContext.Connection.RemoteIpAddress}",
        };
    }

    public sealed class Gate
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public sealed class Slow(Gate gate)
    {
        [Function("Slow")]
        public async Task<IActionResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
        {
            gate.Entered.TrySetResult();
            await gate.Open.Task;
            return new ContentResult { Content = "done" };
        }
    }
}
