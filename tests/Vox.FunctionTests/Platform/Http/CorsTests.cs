using System.Net.Http.Json;
using Vox.Chat.Projects;
using Vox.Tests.Fixture;

namespace Vox.Tests.Http;

/// <summary>What a browser asks, and which answers it needs, when a page of another origin uses the API.</summary>
public sealed class CorsTests(Backends backends)
{
    private const string Origin = "https://shop.example";

    [Theory]
    [InlineData("/api/v1/sessions", "POST", "content-type")]
    [InlineData("/api/v1/messages", "POST", "authorization,content-type,idempotency-key")]
    [InlineData("/api/v1/messages?with=bob", "GET", "authorization")]
    [InlineData("/api/v1/sync", "POST", "authorization,content-type")]
    [InlineData("/api/user", "DELETE", "")]
    [InlineData("/sendchat", "POST", "content-type")]
    [InlineData("/api/getchathistory", "GET", "x-made-up")]
    [InlineData("/API/V1/Sessions/", "POST", "content-type")]
    public async Task Preflight_OfAnEndpoint_AllowsWhatIsAsked(string path, string method, string headers)
    {
        using var response = await PreflightAsync(path, method, headers);

        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal(Origin, One(response, "Access-Control-Allow-Origin"));
        Assert.Contains(method, One(response, "Access-Control-Allow-Methods")!.Split(", "));
        if (headers.Length > 0)
        {
            Assert.Equal(headers, One(response, "Access-Control-Allow-Headers"));
        }

        Assert.Equal("7200", One(response, "Access-Control-Max-Age"));
        Assert.Contains("Origin", response.Headers.Vary);
        Assert.Contains("Access-Control-Request-Headers", response.Headers.Vary);
        Assert.Null(One(response, "Access-Control-Allow-Credentials"));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Preflight_OddRequestHeaders_AreNotEchoed()
    {
        using var response = await PreflightAsync("/api/v1/messages", "POST", "<script>");

        Assert.DoesNotContain("<", One(response, "Access-Control-Allow-Headers")!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preflight_OfNegotiate_AllowsCredentials()
    {
        using var response = await PreflightAsync(
            "/api/v1/realtime/negotiate?u=x", "POST", "authorization,x-requested-with,x-signalr-user-agent");

        Assert.Equal("true", One(response, "Access-Control-Allow-Credentials"));
        Assert.Equal(Origin, One(response, "Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("/api/portal")]
    [InlineData("/api/portal/accounts")]
    [InlineData("/API/Portal/accounts")]
    [InlineData("/portal/index.html")]
    [InlineData("/admin/functions/RepairChatLog")]
    [InlineData("/runtime/webhooks/signalr")]
    public async Task Preflight_OfThePortalAndTheHost_AllowsNothing(string path)
    {
        using var response = await PreflightAsync(path, "POST", "content-type");

        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/api/portalx")]
    [InlineData("/api/v1/portal")]
    public async Task Preflight_OfAPathThatOnlyLooksLikeThePortal_IsAllowed(string path)
    {
        using var response = await PreflightAsync(path, "POST", "content-type");

        Assert.Equal(Origin, One(response, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Options_WithoutAnOrigin_HasNoCorsHeaders()
    {
        using var response = await backends.App.Http.SendAsync(new HttpRequestMessage(HttpMethod.Options, "/api/v1/messages"));

        Assert.Equal(204, (int)response.StatusCode);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Call_FromAnotherOrigin_CanBeReadSuccessOrError()
    {
        var session = await (await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();

        using var good = await session.SendAsync(From(Origin, HttpMethod.Get, "/api/v1/conversations"));
        using var bad = await backends.App.Http.SendAsync(From(Origin, HttpMethod.Get, "/api/v1/conversations"));
        using var vendor = await backends.App.Http.SendAsync(From(Origin, HttpMethod.Get, "/api/getchathistory"));

        Assert.Equal((200, 401, 401), ((int)good.StatusCode, (int)bad.StatusCode, (int)vendor.StatusCode));
        Assert.All([good, bad, vendor], response =>
        {
            Assert.Equal(Origin, One(response, "Access-Control-Allow-Origin"));
            Assert.Contains("Origin", response.Headers.Vary);
            Assert.Contains("Retry-After", One(response, "Access-Control-Expose-Headers")!, StringComparison.Ordinal);
            Assert.Null(One(response, "Access-Control-Allow-Credentials"));
        });
    }

    [Fact]
    public async Task Call_WithoutAnOrigin_HasNoCorsHeaders()
    {
        using var response = await backends.App.Http.GetAsync("/api/v1/conversations");

        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Negotiate_FromAnotherOriginWithCredentials_IsAllowed()
    {
        var session = await (await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();

        using var response = await session.SendAsync(
            From(Origin, HttpMethod.Post, $"/api/v1/realtime/negotiate?u={Uri.EscapeDataString(session.RealtimeUser)}"));

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(Origin, One(response, "Access-Control-Allow-Origin"));
        Assert.Equal("true", One(response, "Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Call_ProjectWithAllowedOrigins_RefusesOthersEverywhere()
    {
        var project = await backends.App.CreateProjectAsync();
        var session = await (await project.CreateUserAsync("alice")).LogInAsync();
        await backends.App.Get<ProjectService>().UpdateAsync(
            project.Id, p => p with { AllowedOrigins = [Origin, "https://other.example:8443"] }, CancellationToken.None);

        foreach (var refused in new[]
        {
            "https://evil.example",
            "http://shop.example",
            "https://shop.example:444",
            "https://shop.example.evil.example",
            "null"
        })
        {
            var login = From(refused, HttpMethod.Post, "/api/v1/sessions");
            login.Content = JsonContent.Create(new { projectId = project.Id, loginId = "alice", password = "secret" });
            Assert.Contains(
                refused, await backends.App.Http.SendAsync(login).ProblemAsync("origin_not_allowed", "origin"), StringComparison.Ordinal);
            await session.SendAsync(From(refused, HttpMethod.Get, "/api/v1/conversations")).ProblemAsync("origin_not_allowed");
            await session.SendAsync(
                From(refused, HttpMethod.Post, $"/api/v1/realtime/negotiate?u={Uri.EscapeDataString(session.RealtimeUser)}"))
                .ProblemAsync("origin_not_allowed");
            var message = From(refused, HttpMethod.Post, "/api/v1/messages");
            message.Content = JsonContent.Create(new { to = "alice", data = "Hello" });
            await session.SendAsync(message).ProblemAsync("origin_not_allowed");
            var refresh = From(refused, HttpMethod.Post, "/api/v1/sessions/refresh");
            refresh.Content = JsonContent.Create(new { refreshToken = session.RefreshToken });
            await backends.App.Http.SendAsync(refresh).ProblemAsync("origin_not_allowed");
        }

        Assert.Empty(await project.HistoryAsync());
        var own = backends.App.Address.GetLeftPart(UriPartial.Authority);
        foreach (var allowed in new[] { Origin, "HTTPS://SHOP.EXAMPLE", "https://other.example:8443", own })
        {
            await session.SendAsync(From(allowed, HttpMethod.Get, "/api/v1/conversations")).TextAsync();
        }

        await session.GetConversationsAsync().TextAsync();
        await session.RefreshAsync();
    }

    [Fact]
    public async Task Call_ProjectAllowsOriginsLater_TakesEffectWithinTheCachesTime()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await VoxApp.StartAsync(backends, time);
        await using var other = await VoxApp.StartAsync(backends, tablePrefix: app.TablePrefix);
        var project = await app.CreateProjectAsync();
        var session = await (await project.CreateUserAsync("alice")).LogInAsync();
        await session.SendAsync(From("https://evil.example", HttpMethod.Get, "/api/v1/conversations")).TextAsync();

        await other.Get<ProjectService>().UpdateAsync(project.Id, p => p with { AllowedOrigins = [Origin] }, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(31));

        await session.SendAsync(From("https://evil.example", HttpMethod.Get, "/api/v1/conversations")).ProblemAsync("origin_not_allowed");
    }

    [Theory]
    [InlineData("https://b\u00fccher.example", "https://xn--bcher-kva.example")]
    [InlineData("https://Stra\u00dfe.example:8443", "https://xn--strae-oqa.example:8443")]
    [InlineData("capacitor://localhost", "capacitor://localhost")]
    [InlineData("ionic://localhost", "ionic://localhost")]
    [InlineData("tauri://localhost", "tauri://localhost")]
    [InlineData("null", "null")]
    public async Task Call_ProjectAllowsTheOriginAsPeopleWriteIt_PageOfItMayAndNoOther(string written, string sent)
    {
        var project = await backends.App.CreateProjectAsync();
        var session = await (await project.CreateUserAsync("alice")).LogInAsync();
        await backends.App.Get<ProjectService>().UpdateAsync(
            project.Id, p => p with { AllowedOrigins = [written] }, CancellationToken.None);

        await session.SendAsync(From(sent, HttpMethod.Get, "/api/v1/conversations")).TextAsync();
        foreach (var other in new[] { "https://bucher.example", "capacitor://evil", "null" }.Where(other => other != sent))
        {
            await session.SendAsync(From(other, HttpMethod.Get, "/api/v1/conversations")).ProblemAsync("origin_not_allowed");
        }
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("POST", "/api/v2/messages")]
    [InlineData("PUT", "/api/user")]
    [InlineData("DELETE", "/api/nothing/at/all")]
    public async Task Call_OfAnUnknownPath_PageOfAnotherOriginCanReadThe404(string method, string path)
    {
        using var response = await backends.App.Http.SendAsync(From(Origin, new HttpMethod(method), path));

        Assert.Equal(404, (int)response.StatusCode);
        Assert.Equal(Origin, One(response, "Access-Control-Allow-Origin"));
        Assert.Contains("not_found", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PreflightAsync(string path, string method, string headers)
    {
        var request = From(Origin, HttpMethod.Options, path);
        request.Headers.Add("Access-Control-Request-Method", method);
        if (headers.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", headers);
        }

        return backends.App.Http.SendAsync(request);
    }

    private static HttpRequestMessage From(string origin, HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        return request;
    }

    private static string? One(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? Assert.Single(values) : null;
}
