using Vox.Chat.Projects;

namespace Vox.Tests.Projects;

public sealed class WebOriginTests
{
    [Theory]
    [InlineData("https://WWW.Example.com/", "https://www.example.com")]
    [InlineData(" https://example.com:443 ", "https://example.com")]
    [InlineData("http://example.com:8080", "http://example.com:8080")]
    [InlineData("https://müller.example", "https://xn--mller-kva.example")]
    [InlineData("http://[::1]:3000", "http://[::1]:3000")]
    [InlineData("capacitor://localhost", "capacitor://localhost")]
    [InlineData("tauri://localhost", "tauri://localhost")]
    [InlineData("NULL", "null")]
    public void Canonical_Origin_IsAsBrowsersSendIt(string text, string expected) => Assert.Equal(expected, WebOrigin.Canonical(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("https://example.com/page")]
    [InlineData("https://example.com/?a=b")]
    [InlineData("https://user@example.com")]
    [InlineData("ftp://example.com")]
    [InlineData("javascript:alert(1)")]
    public void Canonical_AnythingElse_IsNoOrigin(string? text) => Assert.Null(WebOrigin.Canonical(text));

    [Theory]
    [InlineData("https://xn--mller-kva.example", true)]
    [InlineData("https://other.example", false)]
    [InlineData("null", false)]
    public void Allows_OriginsThatWereTypedWithUmlauts(string origin, bool allowed) =>
        Assert.Equal(allowed, Project("https://müller.example").Allows(origin));

    [Fact]
    public void Allows_NoOriginsAreNamed_All() => Assert.True(Project().Allows("https://anything.example"));

    private static Project Project(params string[] origins) =>
        new("pid_1", "Test", "", null, null, origins, LogEnabled: false, DateTimeOffset.UnixEpoch, default!);
}
