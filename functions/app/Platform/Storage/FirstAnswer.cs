using Azure.Core;
using Azure.Core.Pipeline;

namespace Vox.Platform.Storage;

/// <summary>
/// The answer to a transaction has a part for each row, about 400 bytes of headers. The client library reads them byte by byte and makes
/// objects of all: the most expensive step of a commit. Where only the first row's version is asked for, the other parts are taken out
/// before the library sees them. The answer of a transaction that failed has only one part.
/// </summary>
internal sealed class FirstAnswer : HttpPipelinePolicy
{
    private const string Wanted = "Vox.FirstAnswer";
    private static readonly Dictionary<string, object?> Wish = new(StringComparer.Ordinal) { [Wanted] = true };

    /// <summary>For transactions of the caller, until it is disposed of.</summary>
    public static IDisposable Only() => HttpPipeline.CreateHttpMessagePropertiesScope(Wish);

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        ProcessNext(message, pipeline);
        Shorten(message);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline);
        Shorten(message);
    }

    private static void Shorten(HttpMessage message)
    {
        if (message is { HasResponse: true, Response: { Status: 202, ContentStream: MemoryStream body } }
            && message.TryGetProperty(Wanted, out _))
        {
            Shorten(body);
        }
    }

    /// <summary>Keeps the first part and the end. Whatever does not look as expected stays as it is.</summary>
    internal static void Shorten(MemoryStream body)
    {
        if (!body.TryGetBuffer(out var buffer))
        {
            return;
        }

        // The parts stand in a change set, which is itself a part and names its delimiter.
        Span<byte> text = buffer;
        ReadOnlySpan<byte> name = "boundary="u8;
        if (text.IndexOf(name) is not (>= 0 and var named)
            || text[(named + name.Length)..].IndexOfAny("\r\n"u8) is not (> 0 and var length))
        {
            return;
        }

        Span<byte> delimiter = [.. "--"u8, .. text.Slice(named + name.Length, length)];
        var first = text.IndexOf(delimiter);
        var second = first < 0 ? -1 : text[(first + delimiter.Length)..].IndexOf(delimiter);
        var last = text.LastIndexOf(delimiter);
        if (second < 0)
        {
            return;
        }

        second += first + delimiter.Length;
        if (second == last || !text[(last + delimiter.Length)..].StartsWith("--"u8) || !AllSucceeded(text[second..last]))
        {
            return;
        }

        text[last..].CopyTo(text[second..]);
        body.SetLength(second + text.Length - last);
    }

    private static bool AllSucceeded(ReadOnlySpan<byte> parts)
    {
        ReadOnlySpan<byte> status = "HTTP/1.1 "u8;
        while (parts.IndexOf(status) is >= 0 and var at)
        {
            parts = parts[(at + status.Length)..];
            if (parts is not [(byte)'2', ..])
            {
                return false;
            }
        }

        return true;
    }
}
