using System.Net;
using System.Text.RegularExpressions;
using Vox.Platform.ErrorCatalogue;
using Vox.Tests.Fixture;

namespace Vox.Tests.StaticFiles;

/// <summary>The pages of <c>/docs/</c>, as the app serves them.</summary>
public sealed partial class DocsSiteTests(Backends backends)
{
    [Fact]
    public async Task EveryLink_OfEveryPage_LeadsToAPageAndAPlaceOnIt()
    {
        var app = backends.App;
        var pages = new Dictionary<string, string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(["/docs/"]);
        var links = new List<(string From, string To)>();
        while (waiting.TryDequeue(out var path))
        {
            if (pages.ContainsKey(path))
            {
                continue;
            }

            using var answer = await app.Http.GetAsync(path);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode}");
            pages[path] = answer.Content.Headers.ContentType?.MediaType == "text/html" ? await answer.Content.ReadAsStringAsync() : "";
            foreach (var to in Link().Matches(pages[path]).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)))
            {
                var target = new Uri(new Uri("http://here" + path), to);
                if (target.Host == "here" && target.AbsolutePath.StartsWith("/docs/", StringComparison.Ordinal))
                {
                    links.Add((path, target.PathAndQuery + target.Fragment));
                    waiting.Enqueue(target.PathAndQuery);
                }
            }
        }

        Assert.InRange(pages.Count, 90, 1_000);
        var broken =
            from link in links.Distinct()
            let parts = link.To.Split('#')
            where parts.Length > 1 && !pages[parts[0]].Contains($"id=\"{Uri.UnescapeDataString(parts[1])}\"", StringComparison.Ordinal)
            select $"{link.From} → {link.To}";
        Assert.Empty(broken);
        // Nothing is fetched from elsewhere.
        Assert.All(pages.Values, html => Assert.DoesNotMatch("(src|stylesheet\" href)=\"(https?:)?//", html));
    }

    [Fact]
    public async Task EveryErrorOfTheCatalogue_HasAPageWithWhatHappenedWhyAndWhatToDo()
    {
        foreach (var error in Errors.All)
        {
            var html = await backends.App.Http.GetStringAsync($"/docs/errors/{error.Code}/");
            var title = WebUtility.HtmlEncode(error.Title).Replace("&#39;", "'", StringComparison.Ordinal);
            Assert.Contains(title, html, StringComparison.Ordinal);
            Assert.Contains($"The HTTP status is {error.Status}.", html, StringComparison.Ordinal);
            Assert.Contains("<strong>Why:</strong>", html, StringComparison.Ordinal);
            Assert.Contains("<strong>What to do:</strong>", html, StringComparison.Ordinal);
            Assert.Contains(
                error.Retryable ? "may succeed later" : "fails again, until something is changed", html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/docs", HttpStatusCode.Redirect, null)]
    [InlineData("/docs/api", HttpStatusCode.Redirect, null)]
    [InlineData("/docs/nothing/", HttpStatusCode.NotFound, null)]
    [InlineData("/docs/../portal/index.html", HttpStatusCode.OK, "text/html")]
    [InlineData("/docs/%2e%2e/%2e%2e/VoxFunctions.dll", HttpStatusCode.NotFound, null)]
    [InlineData("/docs/api.md", HttpStatusCode.OK, "text/markdown")]
    [InlineData("/llms.txt", HttpStatusCode.OK, "text/plain")]
    [InlineData("/docs/llms.txt", HttpStatusCode.OK, "text/plain")]
    public async Task Address_OfTheDocs_AnswersAsAFolderOfPages(string path, HttpStatusCode status, string? type)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = backends.App.Address };

        using var answer = await client.GetAsync(path);

        Assert.Equal(status, answer.StatusCode);
        Assert.True(type is null || answer.Content.Headers.ContentType?.MediaType == type, $"{answer.Content.Headers.ContentType}");
    }

    [Fact]
    public async Task LlmsTxt_NamesPagesThatAreThere()
    {
        var text = await backends.App.Http.GetStringAsync("/llms.txt");
        var pages = Markdown().Matches(text).Select(match => match.Groups[1].Value).ToList();

        Assert.Contains("/docs/api.md", pages, StringComparer.Ordinal);
        foreach (var page in pages)
        {
            Assert.StartsWith("# ", await backends.App.Http.GetStringAsync(page), StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("""href="([^"]+)"()""")]
    private static partial Regex Link();

    [GeneratedRegex(@"\]\((/docs/[^)]+\.md)\)()")]
    private static partial Regex Markdown();
}
