using System.Text;
using Vox.Chat.Files;

namespace Vox.Tests.Files;

public sealed class ContentSnifferTests
{
    [Theory]
    [InlineData("\u00FF\u00D8\u00FF\u00E0", "image/jpeg")]
    [InlineData("\u0089PNG\r\n\u001A\n", "image/png")]
    [InlineData("GIF89a", "image/gif")]
    [InlineData("RIFF\u0010\0\0\0WEBPVP8 ", "image/webp")]
    [InlineData("RIFF\u0010\0\0\0WAVEfmt ", "audio/wav")]
    [InlineData("\0\0\0\u0018ftypisom\0\0\0\0isommp42", "video/mp4")]
    [InlineData("\0\0\0\u0018ftypqt  \0\0\0\0qt  qt  ", "video/quicktime")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0mif1heic", "image/heic")]
    [InlineData("\0\0\0\u0018ftypmif1\0\0\0\0mif1avif", "image/avif")]
    [InlineData("\0\0\0\u0018ftypM4A \0\0\0\0M4A mp42", "audio/mp4")]
    [InlineData("\u001AE\u00DF\u00A3\u0001\0\0\0\0\0\0\u001FB\u0082\u0084webm", "video/webm")]
    [InlineData("%PDF-1.7", "application/pdf")]
    [InlineData("PK\u0003\u0004\u0014\0\0\0word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")]
    [InlineData("PK\u0003\u0004\u0014\0\0\0a.txt", "application/zip")]
    [InlineData("hello world", "text/plain")]
    [InlineData("  <!DOCTYPE HTML><p>", "text/html")]
    [InlineData("hello <SCRIPT>alert(1)</SCRIPT>", "text/html")]
    [InlineData("<?xml version='1.0'?><svg/>", "image/svg+xml")]
    [InlineData("<?xml version='1.0'?><a/>", "application/xml")]
    [InlineData("MZ\u0090\0\u0003", "")]
    [InlineData("", "")]
    public void Sniff_FirstBytes_TellTheType(string head, string type) =>
        Assert.Equal(type, ContentSniffer.Sniff(Encoding.Latin1.GetBytes(head)).ContentType);

    [Theory]
    [InlineData("<html>")]
    [InlineData("<svg>")]
    [InlineData("<?xml?><a/>")]
    [InlineData("\u00FE\u00FF\0<\0h")]
    public void SafeType_OfWhatABrowserWouldRun_IsBytesToSave(string head)
    {
        var type = Delivery.SafeType(ContentSniffer.Sniff(Encoding.Latin1.GetBytes(head)), decoded: false);

        Assert.Equal("application/octet-stream", type);
        Assert.StartsWith("attachment;", Delivery.Headers(type, "a.html").ContentDisposition, StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_NameOfAnyScript_IsInBothForms()
    {
        var headers = Delivery.Headers("application/pdf", "Übung.pdf");

        Assert.Equal("attachment; filename=\"_bung.pdf\"; filename*=UTF-8''%C3%9Cbung.pdf", headers.ContentDisposition);
    }

    [Fact]
    public void Sniff_RandomBytes_NeverFails()
    {
        for (var i = 0; i < 20_000; i++)
        {
            ContentSniffer.Sniff(System.Security.Cryptography.RandomNumberGenerator.GetBytes(i % 300));
        }
    }
}
