using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Platform.Http;

/// <summary>
/// Reads bodies with a limit. Not with the platform's own readers: over the limit they answer 500, and malformed JSON is an exception too.
/// </summary>
public sealed class RequestBody(Microsoft.Extensions.Options.IOptions<HttpOptions> options)
{
    /// <summary>Reads a JSON object of a known shape; the content type must be JSON.</summary>
    public async Task<T> ReadJsonAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        CheckJson(request);
        return Parse(BodyCharset.JsonOf(request, await ReadAsync(request, cancellationToken)), type);
    }

    /// <summary>The same, with the bytes as they were sent.</summary>
    public async Task<(T Value, ReadOnlyMemory<byte> Bytes)> ReadJsonBytesAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        CheckJson(request);
        var bytes = await ReadAsync(request, cancellationToken);
        return (Parse(BodyCharset.JsonOf(request, bytes), type), bytes);
    }

    /// <summary>
    /// The same, but the body may be left out. Only reading it tells: a chunked body has no length to go by.
    /// </summary>
    public async Task<T?> ReadOptionalJsonAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var body = await ReadAsync(request, cancellationToken);
        if (body.IsEmpty)
        {
            return null;
        }

        CheckJson(request);
        return Parse(BodyCharset.JsonOf(request, body), type);
    }

    private static void CheckJson(HttpRequest request)
    {
        if (!IsJson(request.ContentType))
        {
            throw new VoxException(Errors.UnsupportedMediaType, "The body must be JSON: send Content-Type: application/json.");
        }
    }

    private static T Parse<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, type)
                ?? throw new VoxException(Errors.InvalidJson, "The body must be a JSON object, not null.");
        }
        catch (JsonException e)
        {
            throw new VoxException(Errors.InvalidJson, Explain(e), e.Path?.TrimStart('$', '.'), e);
        }
    }

    /// <summary>The whole body, or 413 as soon as it is known to be too large.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var limit = options.Value.MaxBodyBytes;
        if (request.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        if (request.Headers.ContentEncoding.Any(static encoding => !IsNone(encoding)))
        {
            throw new VoxException(Errors.UnsupportedMediaType, "Compressed bodies are not supported: send it without Content-Encoding.");
        }

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > limit)
            {
                // Marked as read: otherwise the server could not read to the end of the body, and a client that is still sending would find
                // its connection closed.
                reader.AdvanceTo(read.Buffer.End);
                throw TooLarge(limit);
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>"identity" is the name of no encoding at all.</summary>
    private static bool IsNone(string? encoding) =>
        string.IsNullOrWhiteSpace(encoding) || encoding.Trim().Equals("identity", StringComparison.OrdinalIgnoreCase);

    public static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));

    public static bool IsForm(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    /// <summary>Names the position, not the text: bodies contain passwords.</summary>
    public static string Explain(JsonException e) =>
        $"The body is not valid JSON for this endpoint (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).";

    private static VoxException TooLarge(int limit) =>
        new(Errors.BodyTooLarge, $"The body is larger than {limit:N0} bytes: send less at a time.");
}
