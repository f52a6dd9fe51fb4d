using System.Text;

namespace Vox.Tests.SignalR;

public sealed class RestAccessTests
{
    private const string UserPath = "/api/hubs/chat/users/a%2Fb/:send";
    private static readonly object Message = new { target = "message", arguments = Array.Empty<object>() };

    [Theory]
    [InlineData("http://localhost:{port}" + UserPath)]
    [InlineData("http://localhost" + UserPath)]
    [InlineData("http://127.0.0.1:{port}" + UserPath)]
    [InlineData("http://localhost:{port}" + UserPath + "?api-version=2022-06-01")]
    public async Task Send_AudienceIsTheAddress_IsAccepted(string audience)
    {
        Assert.Equal(202, await SendWithAudienceAsync(audience));
    }

    [Theory]
    [InlineData("http://localhost:{port}/api/hubs/chat/users/a%2Fb")]
    [InlineData("http://localhost:{port}/api/hubs/chat/users/a/b/:send")]
    [InlineData("http://localhost:{port}/api/hubs/chat/users/A%2Fb/:send")]
    [InlineData("http://localhost:{port}/api/hubs/other/users/a%2Fb/:send")]
    [InlineData("http://localhost:{port}" + UserPath + "?api-version=2023-07-01")]
    [InlineData("http://localhost:1" + UserPath)]
    [InlineData("https://localhost:{port}" + UserPath)]
    [InlineData("http://example.com" + UserPath)]
    [InlineData("http://localhost:{port}/client/?hub=chat")]
    [InlineData("http://localhost:{port}")]
    public async Task Send_AudienceIsSomethingElse_Is401(string audience)
    {
        Assert.Equal(401, await SendWithAudienceAsync(audience));
    }

    [Fact]
    public async Task Send_WithoutToken_Is401WithChallenge()
    {
        await using var harness = await EmulatorHarness.StartAsync();

        using var response = await harness.RestAsync(HttpMethod.Post, "/:send", Message, token: "");

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
    }

    [Fact]
    public async Task Send_TokenInQuery_Is401()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var token = harness.Token($"{harness.Endpoint}/api/hubs/chat/:send");

        using var response = await harness.RestAsync(HttpMethod.Post, "/:send", Message, $"&access_token={token}", token: "");

        Assert.Equal(401, (int)response.StatusCode);
    }

    [Fact]
    public async Task Send_ExpiredToken_Is401()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var token = harness.Token($"{harness.Endpoint}/api/hubs/chat/:send", TimeSpan.FromSeconds(-1));

        using var response = await harness.RestAsync(HttpMethod.Post, "/:send", Message, token: token);

        Assert.Equal(401, (int)response.StatusCode);
    }

    [Fact]
    public async Task Send_TokenOfAnotherKey_Is401()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var token = harness.Token($"{harness.Endpoint}/api/hubs/chat/:send", key: new string('k', 44));

        using var response = await harness.RestAsync(HttpMethod.Post, "/:send", Message, token: token);

        Assert.Equal(401, (int)response.StatusCode);
    }

    [Fact]
    public async Task Send_TokenLongerThanTheLimit_Is401()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["padding"] = new string('x', 4096) };
        var token = harness.Token($"{harness.Endpoint}/api/hubs/chat/:send", claims: claims);

        using var response = await harness.RestAsync(HttpMethod.Post, "/:send", Message, token: token);

        Assert.Equal(401, (int)response.StatusCode);
    }

    [Fact]
    public async Task Send_HeadersOver16KB_Is431()
    {
        await using var harness = await EmulatorHarness.StartAsync();

        using var response = await harness.RestAsync(HttpMethod.Post, "/:send", Message, token: new string('x', 17 * 1024));

        Assert.Equal(431, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(1024 * 1024, 202)]
    [InlineData(1024 * 1024 + 1, 413)]
    public async Task Send_BodyAroundOneMegabyte_IsLimited(int length, int status)
    {
        await using var harness = await EmulatorHarness.StartAsync();
        const string start = """{"target":"message","arguments":[" """;
        const string end = "\"]}";
        var body = start + new string('x', length - start.Length - end.Length) + end;
        Assert.Equal(length, Encoding.UTF8.GetByteCount(body));

        using var response = await harness.RestAsync(HttpMethod.Post, "/:send", rawBody: body);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"arguments":[]}""")]
    [InlineData("""{"target":"","arguments":[]}""")]
    [InlineData("""{"target":5,"arguments":[]}""")]
    [InlineData("""{"target":"x","arguments":"y"}""")]
    public async Task Send_MalformedBody_Is400(string body)
    {
        await using var harness = await EmulatorHarness.StartAsync();

        using var response = await harness.RestAsync(HttpMethod.Post, "/:send", rawBody: body);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(0, harness.Emulator.Counters.Sends);
    }

    [Theory]
    [InlineData("""{"target":"x"}""")]
    [InlineData("""{"target":"x","arguments":null}""")]
    public async Task Send_WithoutArguments_Is202(string body)
    {
        await using var harness = await EmulatorHarness.StartAsync();

        using var response = await harness.RestAsync(HttpMethod.Post, "/:send", rawBody: body);

        Assert.Equal(202, (int)response.StatusCode);
    }

    [Fact]
    public async Task Send_NotJson_Is415()
    {
        await using var harness = await EmulatorHarness.StartAsync();

        using var response = await harness.SendAsync(
            HttpMethod.Post, "/api/hubs/chat/:send?api-version=2022-06-01", Message, contentType: "text/plain");

        Assert.Equal(415, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/api/hubs/chat/:send", 400)]
    [InlineData("POST", "/api/hubs/chat/:send?api-version=2022-06-02", 400)]
    [InlineData("POST", "/api/hubs/1chat/:send?api-version=2022-06-01", 400)]
    [InlineData("POST", "/api/hubs/chat/users/a?api-version=2022-06-01", 404)]
    [InlineData("POST", "/api/v1/hubs/chat/users/a/:send", 404)]
    [InlineData("POST", "/api/hubs/chat/users//:send/x?api-version=2022-06-01", 404)]
    [InlineData("PATCH", "/api/hubs/chat/users/a?api-version=2022-06-01", 404)]
    [InlineData("POST", "/api/hubs", 404)]
    [InlineData("GET", "/", 404)]
    public async Task Call_WrongAddress_IsRejected(string method, string address, int status)
    {
        await using var harness = await EmulatorHarness.StartAsync();

        using var response = await harness.SendAsync(new HttpMethod(method), address, Message);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("HEAD", "/api/health?api-version=2022-06-01")]
    [InlineData("GET", "/api/health")]
    [InlineData("HEAD", "/api/v1/health")]
    public async Task Health_WithoutToken_Is200(string method, string address)
    {
        await using var harness = await EmulatorHarness.StartAsync();

        using var response = await harness.SendAsync(new HttpMethod(method), address, token: "");

        Assert.Equal(200, (int)response.StatusCode);
    }

    private static async Task<int> SendWithAudienceAsync(string audience)
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var token = harness.Token(audience.Replace("{port}", $"{harness.Emulator.Port}"));
        using var response = await harness.SendAsync(HttpMethod.Post, UserPath + "?api-version=2022-06-01", Message, token);
        return (int)response.StatusCode;
    }
}
