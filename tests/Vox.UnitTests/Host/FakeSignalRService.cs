using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Vox.Tests.Host;

/// <summary>Stands for the REST API of the SignalR service: remembers what it was sent, and answers what a test wants.</summary>
internal sealed class FakeSignalRService : IAsyncDisposable
{
    public const string AccessKey = "a-key-that-is-long-enough-for-hs256-signatures";

    private readonly WebApplication app;
    private readonly ConcurrentQueue<Call> calls = new();

    private FakeSignalRService(WebApplication app)
    {
        this.app = app;
        app.Run(AnswerAsync);
    }

    public IEnumerable<Call> Calls => calls;

    public Func<Call, Task<int>> Answer { get; set; } = _ => Task.FromResult(StatusCodes.Status202Accepted);

    public int Port => new Uri(app.Urls.First()).Port;

    public string ConnectionString => $"Endpoint=http://localhost;Port={Port};AccessKey={AccessKey};Version=1.0;";

    public static async Task<FakeSignalRService> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false", "--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var service = new FakeSignalRService(builder.Build());
        await service.app.StartAsync();
        return service;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var call = new Call(
            $"{http.Request.Method} {target}", await reader.ReadToEndAsync(), http.Request.Headers.Authorization.ToString());
        calls.Enqueue(call);
        http.Response.StatusCode = await Answer(call);
    }

    internal sealed record Call(string Line, string Body, string Authorization);
}
