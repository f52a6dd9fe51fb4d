using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Vox.Tests.Conversations;

/// <summary>Lists the storage requests of an app, and counts the rows that came back.</summary>
public sealed partial class RequestLog : HttpPipelinePolicy
{
    private readonly ConcurrentQueue<string> requests = new();
    private long rows;

    /// <summary>The requests, such as <c>GET users</c> or <c>POST conversations 3</c>; the number is that of the rows written.</summary>
    public IReadOnlyList<string> Requests => [.. requests];

    public long Rows => Interlocked.Read(ref rows);

    public void Clear()
    {
        requests.Clear();
        Interlocked.Exchange(ref rows, 0);
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessNext(message, pipeline);

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var text = message.Request.Uri.ToUri().AbsolutePath;
        var written = "";
        if (message.Request.Content is { } content && text.EndsWith("$batch", StringComparison.Ordinal))
        {
            using var body = new MemoryStream();
            await content.WriteToAsync(body, CancellationToken.None);
            text = System.Text.Encoding.UTF8.GetString(body.ToArray());
            written = " " + Operation().Count(text);
        }

        requests.Enqueue($"{message.Request.Method} {TableName().Match(text).Groups[1].Value}{written}");
        await ProcessNextAsync(message, pipeline);
        if (message.Request.Method == RequestMethod.Get && message.Response is { Status: 200, ContentStream.CanSeek: true })
        {
            using var json = JsonDocument.Parse(message.Response.Content.ToMemory());
            Interlocked.Add(ref rows, json.RootElement.TryGetProperty("value", out var list) ? list.GetArrayLength() : 1);
        }
    }

    // The name of a test's table: a prefix, which is t and twelve characters, and then the table's own name.
    [GeneratedRegex("/t[0-9a-f]{12}([a-z]+)")]
    private static partial Regex TableName();

    [GeneratedRegex("^(?:POST|PUT|PATCH|MERGE|DELETE) http", RegexOptions.Multiline)]
    private static partial Regex Operation();
}
