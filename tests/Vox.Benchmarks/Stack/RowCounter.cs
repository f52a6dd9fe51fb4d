using Azure.Core;
using Azure.Core.Pipeline;

namespace Vox.Benchmarks.Stack;

/// <summary>
/// Counts the table rows in the storage's answers. This shows what a page costs the storage, no matter how fast the emulator is.
/// </summary>
internal sealed class RowCounter : HttpPipelinePolicy
{
    private long rows;

    public long Rows => Interlocked.Read(ref rows);

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        ProcessNext(message, pipeline);
        Count(message);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline);
        Count(message);
    }

    private void Count(HttpMessage message)
    {
        if (message.Request.Method != RequestMethod.Get || !message.HasResponse
            || message.Response.ContentStream is not MemoryStream { Length: > 0 })
        {
            return;
        }

        var found = 0;
        for (var rest = message.Response.Content.ToMemory().Span; rest.IndexOf("\"RowKey\":"u8) is >= 0 and var at; rest = rest[(at + 1)..])
        {
            found++;
        }

        Interlocked.Add(ref rows, found);
    }
}
