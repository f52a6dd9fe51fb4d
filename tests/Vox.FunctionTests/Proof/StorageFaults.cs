using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Vox.Tests.Proof;

/// <summary>A storage that fails as the test says: before a request has reached it, or after, when the answer is lost.</summary>
public sealed class StorageFaults : HttpPipelinePolicy
{
    /// <summary>What to do with a request, by its method, path and body; null lets it pass.</summary>
    public Func<string, Fault>? Choose { get; set; }

    /// <summary>How long a request, described in the same way, is held up first.</summary>
    public Func<string, TimeSpan>? Delay { get; set; }

    /// <summary>What a request waits for first.</summary>
    public Func<string, Task>? Hold { get; set; }

    public ConcurrentDictionary<Fault, int> Counts { get; } = new();

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessNext(message, pipeline);

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var request = await DescribeAsync(message);
        if (Delay?.Invoke(request) is { } delay)
        {
            await Task.Delay(delay);
        }

        if (Hold?.Invoke(request) is { } until)
        {
            await until;
        }

        var fault = Choose?.Invoke(request) ?? Fault.None;
        Counts.AddOrUpdate(fault, 1, (_, count) => count + 1);
        if (fault is not (Fault.RefusedBefore or Fault.BrokenBefore))
        {
            await ProcessNextAsync(message, pipeline);
        }

        switch (fault)
        {
            case Fault.RefusedBefore or Fault.RefusedAfter:
                message.Response?.Dispose();
                message.Response = new Refusal(message.Request.ClientRequestId);
                break;
            case Fault.BrokenBefore or Fault.BrokenAfter:
                message.Response?.Dispose();
                throw new IOException("The connection was cut by the test.");
            case Fault.TimedOutAfter:
                message.Response?.Dispose();
                throw new TaskCanceledException("The wait was ended by the test.");
            case Fault.None:
            default:
                break;
        }
    }

    private static async Task<string> DescribeAsync(HttpMessage message)
    {
        var text = $"{message.Request.Method} {message.Request.Uri}";
        if (message.Request.Content is { } content)
        {
            using var body = new MemoryStream();
            await content.WriteToAsync(body, CancellationToken.None);
            text += ' ' + System.Text.Encoding.UTF8.GetString(body.ToArray());
        }

        return text;
    }

    private sealed class Refusal(string clientRequestId) : Response
    {
        public override int Status => 503;

        public override string ReasonPhrase => "Refused by the test";

        /// <summary>The transport would have set it.</summary>
        public override bool IsError => true;

        public override Stream? ContentStream { get; set; } = new MemoryStream("{}"u8.ToArray());

        public override string ClientRequestId { get; set; } = clientRequestId;

        public override void Dispose()
        {
        }

        protected override bool ContainsHeader(string name) => false;

        protected override IEnumerable<HttpHeader> EnumerateHeaders() => [];

        protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) => (value = null) is not null;

        protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values) => (values = null) is not null;
    }
}

public enum Fault
{
    None,
    RefusedBefore,
    RefusedAfter,
    BrokenBefore,
    BrokenAfter,
    TimedOutAfter,
}
