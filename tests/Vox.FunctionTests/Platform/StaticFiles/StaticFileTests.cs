using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Vox.Tests.Fixture;

namespace Vox.Tests.StaticFiles;

/// <summary>What browsers load: the SDK and the demo page.</summary>
public sealed partial class StaticFileTests(Backends backends) : IDisposable
{
    private const int SdkLimit = 60 * 1_024;

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = backends.App.Address };

    public void Dispose() => http.Dispose();

    [Theory]
    [InlineData("/js/calmsdk-001.js", "text/javascript")]
    [InlineData("/js/calmsdk-001.js.map", "application/json")]
    [InlineData("/js/calmsdk.mjs", "text/javascript")]
    [InlineData("/js/calmsdk.mjs.map", "application/json")]
    [InlineData("/js/calmsdk.d.mts", "text/plain")]
    [InlineData("/demo/", "text/html")]
    public async Task Get_EveryFile_TypeAndHeaders(string path, string type)
    {
        using var response = await http.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.NotNull(response.Headers.ETag);
        Assert.False(response.Headers.ETag.IsWeak);
        Assert.Equal("public, must-revalidate, max-age=300", response.Headers.CacheControl?.ToString());
        Assert.Contains("Accept-Encoding", response.Headers.Vary);
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("identity", null)]
    [InlineData("deflate", null)]
    public async Task Get_Compressed_AsTheClientTakesIt(string accepted, string? encoding)
    {
        var plain = await http.GetByteArrayAsync("/js/calmsdk-001.js");

        using var response = await GetAsync("/js/calmsdk-001.js", r => r.Headers.TryAddWithoutValidation("Accept-Encoding", accepted));

        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
        Assert.Equal(plain, Unpack(body, encoding));
        if (encoding is not null)
        {
            Assert.InRange(body.Length, 1, SdkLimit);
        }
    }

    [Fact]
    public async Task Get_KnownTag_304WithoutBody()
    {
        using var first = await http.GetAsync("/js/calmsdk-001.js");

        using var known = await GetAsync("/js/calmsdk-001.js", r => r.Headers.IfNoneMatch.Add(first.Headers.ETag!));
        using var other = await GetAsync("/js/calmsdk-001.js", r => r.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"other\"")));

        Assert.Equal((HttpStatusCode.NotModified, HttpStatusCode.OK), (known.StatusCode, other.StatusCode));
        Assert.Equal(first.Headers.ETag, known.Headers.ETag);
        Assert.Empty(await known.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Head_HeadersOnly()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/js/calmsdk-001.js");
        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Content.Headers.ContentLength > 10_000);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/js/none.js")]
    [InlineData("/js/CALMSDK-001.js")]
    [InlineData("/js/calmsdk-001.js.br")]
    [InlineData("/js/..%2f..%2fhost.json")]
    [InlineData("/js/..%5c..%5chost.json")]
    [InlineData("/demo/..%2f..%2fhost.json")]
    [InlineData("/demo/../../host.json")]
    [InlineData("/demo/%2e%2e/%2e%2e/host.json")]
    [InlineData("/demo//etc/passwd")]
    [InlineData("/demo/index.html%00.js")]
    [InlineData("/demo/none/at/all")]
    public async Task Get_AnythingElse_404(string path)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri(
                backends.App.Address.GetLeftPart(UriPartial.Authority) + path,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        using var response = await http.SendAsync(request);

        Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.NotFound, HttpStatusCode.BadRequest]);
    }

    [Theory]
    [InlineData("/", "/demo/")]
    [InlineData("/demo", "/demo/")]
    [InlineData("/demo?project=p&user=a%20b", "/demo/?project=p&user=a%20b")]
    public async Task Get_Entrance_LeadsToTheDemo(string path, string address)
    {
        using var response = await http.GetAsync(path);

        Assert.Equal((HttpStatusCode.Found, address), (response.StatusCode, response.Headers.Location?.ToString()));
    }

    [Fact]
    public async Task Get_Demo_StrictPolicyAndHashedFilesForEver()
    {
        using var page = await http.GetAsync("/demo/");
        var html = await page.Content.ReadAsStringAsync();

        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        var names = Hashed().Matches(html).Select(m => m.Value).ToList();
        Assert.Equal(2, names.Count);
        foreach (var name in names)
        {
            using var response = await http.GetAsync("/demo/" + name);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains("immutable", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Get_FromAnotherOrigin_ModulesMayBeImported()
    {
        using var response = await GetAsync("/js/calmsdk.mjs", r => r.Headers.Add("Origin", "https://customer.example"));

        Assert.Equal("https://customer.example", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    private async Task<HttpResponseMessage> GetAsync(string path, Action<HttpRequestMessage> change)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        change(request);
        return await http.SendAsync(request);
    }

    private static byte[] Unpack(byte[] body, string? encoding)
    {
        using var input = new MemoryStream(body);
        using Stream unpacked = encoding switch
        {
            "br" => new BrotliStream(input, CompressionMode.Decompress),
            "gzip" => new GZipStream(input, CompressionMode.Decompress),
            _ => input,
        };
        using var output = new MemoryStream();
        unpacked.CopyTo(output);
        return output.ToArray();
    }

    [GeneratedRegex("app-[A-Z0-9]{8}\\.(js|css)")]
    private static partial Regex Hashed();
}
