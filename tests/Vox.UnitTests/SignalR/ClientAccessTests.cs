using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Time.Testing;

namespace Vox.Tests.SignalR;

public sealed class ClientAccessTests
{
    private static readonly HttpClient Http = new();

    [Fact]
    public async Task Negotiate_WithToken_OffersAllTransports()
    {
        await using var harness = await EmulatorHarness.StartAsync();

        using var response = await NegotiateAsync(harness, harness.ClientToken("alice"));

        var json = await JsonElementAsync(response);
        Assert.Equal(1, json.GetProperty("negotiateVersion").GetInt32());
        Assert.False(json.GetProperty("connectionId").ValueEquals(json.GetProperty("connectionToken").GetString()));
        var transports = json.GetProperty("availableTransports").EnumerateArray()
            .Select(transport => transport.GetProperty("transport").GetString());
        Assert.Equal("WebSockets ServerSentEvents LongPolling", string.Join(' ', transports));
    }

    [Fact]
    public async Task Negotiate_TokenInQuery_IsAccepted()
    {
        await using var harness = await EmulatorHarness.StartAsync();

        using var response = await NegotiateAsync(harness, null, "&access_token=" + harness.ClientToken());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("http://localhost:{port}/client/?hub=chat")]
    [InlineData("http://localhost/client/?hub=chat")]
    [InlineData("http://127.0.0.1:{port}/client/?hub=chat")]
    [InlineData("http://localhost:{port}/client?hub=chat")]
    [InlineData("http://localhost:{port}/client/?hub=Chat")]
    public async Task Negotiate_AudienceOfThisHub_IsAccepted(string audience)
    {
        await using var harness = await EmulatorHarness.StartAsync();

        using var response = await NegotiateAsync(harness, harness.Token(WithPort(audience, harness)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("http://localhost:{port}/client/?hub=other")]
    [InlineData("http://localhost:{port}/client/")]
    [InlineData("http://localhost:1/client/?hub=chat")]
    [InlineData("http://example.com/client/?hub=chat")]
    [InlineData("http://localhost:{port}/server/?hub=chat")]
    [InlineData("http://localhost:{port}/api/hubs/chat/:send")]
    [InlineData("chat")]
    public async Task Negotiate_AudienceOfSomethingElse_Is401(string audience)
    {
        await using var harness = await EmulatorHarness.StartAsync();

        using var response = await NegotiateAsync(harness, harness.Token(WithPort(audience, harness)));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
    }

    [Fact]
    public async Task Negotiate_WithoutToken_Is401()
    {
        await using var harness = await EmulatorHarness.StartAsync();

        using var response = await NegotiateAsync(harness, null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Negotiate_TokenOfAnotherKey_Is401()
    {
        await using var harness = await EmulatorHarness.StartAsync();

        using var response = await NegotiateAsync(harness, harness.Token(harness.ClientUrl(), key: new string('k', 44)));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Negotiate_ExpiredToken_Is401()
    {
        var time = new FakeTimeProvider();
        await using var harness = await EmulatorHarness.StartAsync(time);
        var token = harness.Token(harness.ClientUrl(), TimeSpan.FromMinutes(5));
        time.Advance(TimeSpan.FromMinutes(5));

        using var response = await NegotiateAsync(harness, token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Negotiate_TokenOfTheFuture_Is401()
    {
        var time = new FakeTimeProvider();
        await using var harness = await EmulatorHarness.StartAsync(time);
        time.Advance(TimeSpan.FromMinutes(10));
        var token = harness.Token(harness.ClientUrl());
        time.AdjustTime(time.GetUtcNow().AddMinutes(-1));

        using var response = await NegotiateAsync(harness, token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Negotiate_UnsignedToken_Is401()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var payload = harness.ClientToken().Split('.')[1];

        using var response = await NegotiateAsync(harness, $"eyJhbGciOiJub25lIn0.{payload}.");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1chat")]
    [InlineData("a/b")]
    public async Task Negotiate_InvalidHub_Is400(string hub)
    {
        await using var harness = await EmulatorHarness.StartAsync();

        using var response = await Http.PostAsync($"{harness.Endpoint}/client/negotiate?hub={Uri.EscapeDataString(hub)}", null);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Negotiate_Preflight_AllowsAnyOriginWithCredentials()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, $"{harness.Endpoint}/client/negotiate?hub=chat");
        request.Headers.Add("Origin", "https://customer.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,x-requested-with,x-signalr-user-agent");

        using var response = await Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("https://customer.example", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("true", response.Headers.GetValues("Access-Control-Allow-Credentials").Single());
        Assert.Contains("authorization", response.Headers.GetValues("Access-Control-Allow-Headers").Single());
    }

    [Fact]
    public async Task Negotiate_RefusedFromBrowser_StillReadableThere()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{harness.Endpoint}/client/negotiate?hub=chat");
        request.Headers.Add("Origin", "https://customer.example");

        using var response = await Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("https://customer.example", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task Connection_TokenExpires_IsNotCut(HttpTransportType transport)
    {
        var time = new FakeTimeProvider();
        await using var harness = await EmulatorHarness.StartAsync(time);
        var client = new TestClient(harness.NewClient(harness.Token(harness.ClientUrl(), TimeSpan.FromSeconds(10)), transport: transport));
        await client.Connection.StartAsync();

        time.Advance(TimeSpan.FromSeconds(11));
        await harness.SendToAsync("", "message", "first");
        Assert.Equal("first", await client.ReceiveAsync());
        await harness.SendToAsync("", "message", "second");

        Assert.Equal("second", await client.ReceiveAsync());
    }

    private static Task<HttpResponseMessage> NegotiateAsync(EmulatorHarness harness, string? token, string query = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{harness.Endpoint}/client/negotiate?hub=chat&negotiateVersion=1{query}");
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return Http.SendAsync(request);
    }

    private static string WithPort(string audience, EmulatorHarness harness) => audience.Replace("{port}", $"{harness.Emulator.Port}");

    private static async Task<JsonElement> JsonElementAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }
}
