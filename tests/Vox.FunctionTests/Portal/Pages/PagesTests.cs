using System.Net;
using System.Net.Http.Headers;

namespace Vox.Tests.Portal;

public sealed class PagesTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Theory]
    [InlineData("/portal")]
    [InlineData("/portal/")]
    [InlineData("/portal/projects/pid_1/users")]
    public async Task Page_AnyAddressOfTheApp_IsTheAppWithAStrictPolicy(string path)
    {
        using var response = await portal.App.Http.GetAsync(path);

        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        var html = await response.Content.ReadAsStringAsync();
        Assert.Contains("id=\"root\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl?.NoCache);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));

        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(response.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, (await portal.App.Http.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task Asset_NamedByItsContent_MayBeKeptForEver()
    {
        var html = await portal.App.Http.GetStringAsync("/portal/");
        var script = html.Split("src=\"").Skip(1)
            .Select(part => part.Split('"')[0]).First(path => path.EndsWith(".js", StringComparison.Ordinal));

        using var response = await portal.App.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, script));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("public, max-age=31536000, immutable", response.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("/portal/assets/none.js")]
    [InlineData("/portal/..%2f..%2fVoxFunctions.dll")]
    [InlineData("/portal/%2e%2e/%2e%2e/VoxFunctions.dll")]
    public async Task File_NotOurs_IsNotFound(string path)
    {
        using var response = await portal.App.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
