using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;
using Vox.Tests.Fixture;

namespace Vox.Tests.Webhooks;

/// <summary>A customer's server that gets webhooks, and checks them with the public library.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<Received> all = Channel.CreateUnbounded<Received>();
    private OutsideService service = null!;

    /// <summary>What a request is answered with, 200 unless it says otherwise; null for 204.</summary>
    public Func<Received, HttpContext, Task>? Answer { get; set; }

    public ConcurrentQueue<Received> Requests { get; } = new();

    public string Address => service.Address + "hooks";

    public static async Task<Receiver> StartAsync()
    {
        var receiver = new Receiver();
        receiver.service = await OutsideService.StartAsync(receiver.AnswerAsync);
        return receiver;
    }

    public async Task<Received> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await all.Reader.ReadAsync(patience.Token);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var received = new Received(
            await reader.ReadToEndAsync(), new HeaderDictionary(context.Request.Headers.ToDictionary()), TimeProvider.System.GetUtcNow());
        Requests.Enqueue(received);
        context.Response.StatusCode = Answer is null ? 204 : 200;
        if (Answer is { } answer)
        {
            await answer(received, context);
        }

        all.Writer.TryWrite(received);
    }
}

internal sealed record Received(string Body, HeaderDictionary Headers, DateTimeOffset At)
{
    public string Id => Headers["webhook-id"].ToString();

    public JsonElement Event => JsonElement.Parse(Body);

    public string Type => Event.GetProperty("type").GetString()!;

    public Received WithSignature(string signature) =>
        this with { Headers = new HeaderDictionary(Headers.ToDictionary()) { ["webhook-signature"] = signature } };

    /// <summary>Throws when the signature is not good, or the time too long ago.</summary>
    public void Verify(string secret) => new StandardWebhook(secret).Verify(Body, Headers);
}
