using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Platform.Http;

/// <summary>
/// The character set of a body: UTF-8, unless the content type declares another one. What cannot be read is never guessed.
/// </summary>
internal static class BodyCharset
{
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The declared character set, or UTF-8. Reading bytes that it does not have throws.</summary>
    /// <exception cref="VoxException">unsupported_media_type: nobody knows the declared one</exception>
    public static Encoding Of(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.Charset is not { Length: > 0 } charset)
        {
            return Utf8;
        }

        var name = HeaderUtilities.RemoveQuotes(charset).ToString();
        if (name.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || name.Equals("utf8", StringComparison.OrdinalIgnoreCase))
        {
            return Utf8;
        }

        return Find(name) ?? throw new VoxException(
            Errors.UnsupportedMediaType, "The body is in a character set that is not supported here: send it in UTF-8.", "Content-Type");
    }

    /// <summary>A JSON body as UTF-8, without a byte order mark. JSON itself is checked by its reader.</summary>
    /// <exception cref="VoxException">unsupported_media_type, invalid_json</exception>
    public static ReadOnlyMemory<byte> JsonOf(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var encoding = Of(request);
        if (!ReferenceEquals(encoding, Utf8))
        {
            try
            {
                body = Encoding.UTF8.GetBytes(encoding.GetString(body.Span));
            }
            catch (DecoderFallbackException e)
            {
                throw new VoxException(Errors.InvalidJson, $"The body has bytes that are no {encoding.WebName}.", inner: e);
            }
        }

        return body.Span.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;
    }

    /// <summary>Also the code pages of older systems. UTF-7 is not among them: it hides characters from checks.</summary>
    private static Encoding? Find(string name)
    {
        var (encoderFallback, decoderFallback) = (EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name, encoderFallback, decoderFallback)
                ?? Encoding.GetEncoding(name, encoderFallback, decoderFallback);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
