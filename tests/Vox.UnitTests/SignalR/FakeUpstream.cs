using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;

namespace Vox.Tests.SignalR;

internal sealed record UpstreamCall(string Url, string ContentType, Dictionary<string, string> Headers, string Body)
{
    public string Event => Headers["X-ASRS-Event"];
    public bool Is(string @event) => string.Equals(Event, @event, StringComparison.Ordinal);
    public JsonElement Json => JsonElement.Parse(Body);
}

/// <summary>The app as the service sees it: an address that takes events.</summary>
internal sealed class FakeUpstream : IAsyncDisposable
{
    private readonly WebApplication app;

    private FakeUpstream(WebApplication app) => this.app = app;

    public string Url => $"{app.Urls.First()}/runtime/webhooks/signalr?code=secret";

    public ConcurrentQueue<UpstreamCall> Calls { get; } = new();

    /// <summary>Answers a call; 200 without a body unless set.</summary>
    public Func<UpstreamCall, Task<(int Status, string Body)>> Answer { get; set; } = _ => Task.FromResult((200, ""));

    public static async Task<FakeUpstream> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var upstream = new FakeUpstream(builder.Build());
        upstream.app.Run(upstream.TakeAsync);
        await upstream.app.StartAsync(TestContext.Current.CancellationToken);
        return upstream;
    }

    public async Task<UpstreamCall> WaitForAsync(string @event)
    {
        await Eventually.IsTrueAsync(() => Calls.Any(call => call.Is(@event)));
        return Calls.First(call => call.Is(@event));
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var call = new UpstreamCall(
            context.Request.GetEncodedPathAndQuery(),
            context.Request.ContentType ?? "",
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync());
        Calls.Enqueue(call);
        var (status, body) = await Answer(call);
        context.Response.StatusCode = status;
        if (body.Length > 0)
        {
            await context.Response.WriteAsync(body);
        }
    }
}
