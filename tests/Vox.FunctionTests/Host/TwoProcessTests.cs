using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Host;

/// <summary>
/// What the real host's way of running the app adds: another process, gRPC between the two, and a reverse proxy in front of the worker's
/// web server.
/// </summary>
public sealed class TwoProcessTests(Backends backends, TwoProcessTests.Fixture fixture) : IClassFixture<TwoProcessTests.Fixture>
{
    private HttpClient Http => fixture.App.Http;

    [Fact]
    public async Task Message_SentOverRest_IsInHistory()
    {
        var (project, alice, bob) = await CoupleAsync();

        using var sent = await Http.PostAsJsonAsync("/sendchat", new Dictionary<string, string>
        {
            ["projectid"] = project.Id,
            ["user"] = alice.LoginId,
            ["pass"] = alice.Password,
            ["recipient"] = bob.LoginId,
            ["message"] = "Grüße 漢 + & %2F",
            ["msgType"] = "1",
            ["ct"] = "text/plain",
        });
        var history = await Http.GetStringAsync(
            $"/api/getchathistory?projectid={project.Id}&authtoken={project.Token}"
                + "&fromnumber=NULL&tonumber=NULL&starttime=NULL&endtime=NULL&offset=0&size=10");

        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        Assert.Contains("Grüße 漢 + & %2F", JsonSerializer.Deserialize<JsonElement>(history).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_FromLogInToLogOut_Works()
    {
        var (_, alice, bob) = await CoupleAsync();
        var session = await LogInAsync(alice);

        using var sent = await SendAsync(session, HttpMethod.Post, "/api/v1/messages", new { to = bob.LoginId, data = "hello" });
        using var list = await SendAsync(session, HttpMethod.Get, "/api/v1/conversations");
        using var out_ = await SendAsync(session, HttpMethod.Post, "/api/v1/sessions/logout", new { everywhere = false });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NoContent), (sent.StatusCode, list.StatusCode, out_.StatusCode));
        Assert.Contains("hello", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Negotiate_WithItsHostBinding_GivesAddressAndToken()
    {
        var (_, alice, _) = await CoupleAsync();
        var session = await LogInAsync(alice);

        using var answer = await SendAsync(
            session, HttpMethod.Post, $"/api/v1/realtime/negotiate?u={Uri.EscapeDataString(session.RealtimeUser)}");
        var info = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.StartsWith("http://localhost", info.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, info.GetProperty("accessToken").GetString()!.Count(c => c == '.'));
    }

    [Theory]
    [InlineData(17 * 1024 * 1024)]
    [InlineData(60 * 1024 * 1024)]
    public async Task Body_TooLargeForTheApp_Is413(int bytes)
    {
        using var content =
            new ByteArrayContent(new byte[bytes]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

        using var answer = await Http.PostAsync("/sendchat", content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("larger than", await answer.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Names_OfParameters_InQueryAndBody_DoNoHarm()
    {
        foreach (var name in new[] { "cancellationToken", "request", "context", "Query", "Headers" })
        {
            using var query = await Http.GetAsync($"/api/health/live?{name}=7");
            using var body = await Http.PostAsync(
                "/api/v1/sessions", new StringContent($$"""{"{{name}}":"x"}""", Encoding.UTF8, "application/json"));

            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (query.StatusCode, body.StatusCode));
        }
    }

    [Fact]
    public async Task InvocationHeader_OfAClient_IsReplaced()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/health/live")
        {
            Headers = { { "x-ms-invocation-id", Guid.NewGuid().ToString() } }
        };

        using var answer = await Http.SendAsync(request).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task StaticFile_AskedAgain_IsNotModified()
    {
        using var first = await Http.GetAsync("/portal/");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/portal/") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotModified), (first.StatusCode, second.StatusCode));
        Assert.Contains("<html", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/none", 404)]
    [InlineData("DELETE", "/api/health/live", 404)]
    [InlineData("OPTIONS", "/sendchat", 204)]
    [InlineData("HEAD", "/portal/", 200)]
    [InlineData("GET", "/api/health/details", 401)]
    [InlineData("GET", "/api/health/details?code=local-function-key", 200)]
    [InlineData("GET", "/admin/host/status?code=local-master-key", 200)]
    public async Task Route_OfEachKind_AnswersAsInOneProcess(string method, string path, int status)
    {
        var own = await backends.App.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        using var answer = await Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal((status, status), ((int)answer.StatusCode, (int)own.StatusCode));
    }

    [Fact]
    public async Task Load_OfManyRequestsAtOnce_IsAllAnswered()
    {
        var (project, alice, bob) = await CoupleAsync();
        var session = await LogInAsync(alice);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200)
            .Select(n => SendAsync(session, HttpMethod.Post, "/api/v1/messages", new { to = bob.LoginId, data = $"{n}" })));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.NotNull(project);
    }

    [Fact]
    public async Task Worker_ToldToTerminate_EndsAndLosesNothingItAcknowledged()
    {
        var prefix = VoxApp.NewTablePrefix();
        await using var app = await TwoProcessApp.StartAsync(backends, prefix);
        await using var helper = await VoxApp.StartAsync(backends, tablePrefix: prefix);
        var project = await helper.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var session = await alice.LogInAsync();
        var sends = Enumerable.Range(0, 100).Select(async n =>
        {
            try
            {
                using var answer = await SendAsync(
                    session, HttpMethod.Post, "/api/v1/messages", new { to = "bob", data = $"{n}" }, app.Http);
                return answer.IsSuccessStatusCode ? $"{n}" : null;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }).ToList();
        await Task.WhenAny(sends);

        Assert.True(await app.TerminateAsync(TimeSpan.FromSeconds(10)));
        var acknowledged = (await Task.WhenAll(sends)).Where(text => text is not null).ToList();

        var stored = await helper.ReadConversationAsync(await alice.ConversationOfAsync(bob));
        Assert.NotEmpty(acknowledged);
        Assert.Empty(acknowledged.Except(stored.Select(message => message.Draft.Data), StringComparer.Ordinal));
    }

    private async Task<(TestProject Project, TestUser Alice, TestUser Bob)> CoupleAsync()
    {
        var project = await fixture.Helper.CreateProjectAsync();
        return (project, await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
    }

    private async Task<TestSession> LogInAsync(TestUser user)
    {
        using var answer = await Http.PostAsJsonAsync(
            "/api/v1/sessions", new { projectId = user.Project.Id, loginId = user.LoginId, password = user.Password });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return TestSession.Of(fixture.Helper, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private async Task<HttpResponseMessage> SendAsync(
        TestSession session, HttpMethod method, string path, object? body = null, HttpClient? through = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.AccessToken);
        return await (through ?? Http).SendAsync(request);
    }

    /// <summary>The app in two processes, and another app in this process on the same tables, which tests use to make projects.</summary>
    public sealed class Fixture(Backends backends) : IAsyncLifetime
    {
        public TwoProcessApp App { get; private set; } = null!;

        public VoxApp Helper { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var prefix = VoxApp.NewTablePrefix();
            App = await TwoProcessApp.StartAsync(backends, prefix);
            Helper = await VoxApp.StartAsync(backends, tablePrefix: prefix);
        }

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            await Helper.DisposeAsync();
        }
    }
}
