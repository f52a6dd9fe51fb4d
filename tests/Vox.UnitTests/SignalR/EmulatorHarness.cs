using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Vox.SignalREmulation;

namespace Vox.Tests.SignalR;

/// <summary>An emulator with an app behind it and real clients in front of it; its REST API can be called too.</summary>
internal sealed class EmulatorHarness : IAsyncDisposable
{
    public const string Hub = "chat";

    private readonly List<IAsyncDisposable> resources = [];
    private readonly HttpClient http = new();

    private EmulatorHarness(SignalREmulator emulator, FakeUpstream upstream, TimeProvider time)
    {
        (Emulator, Upstream, Time) = (emulator, upstream, time);
    }

    public SignalREmulator Emulator { get; }
    public FakeUpstream Upstream { get; }
    public TimeProvider Time { get; }
    public string Endpoint => $"http://localhost:{Emulator.Port}";

    public static async Task<EmulatorHarness> StartAsync(TimeProvider? time = null, int maxQueuedBytes = 4 * 1024 * 1024)
    {
        var options = new SignalREmulatorOptions { TimeProvider = time ?? TimeProvider.System, MaxQueuedBytes = maxQueuedBytes };
        var upstream = await FakeUpstream.StartAsync();
        var emulator = await SignalREmulator.StartAsync(options, TestContext.Current.CancellationToken);
        emulator.SetUpstream(upstream.Url);
        return new(emulator, upstream, options.TimeProvider);
    }

    public string Token(
        string audience, TimeSpan? lifetime = null, string? user = null, string key = SignalREmulatorOptions.DevelopmentKey,
        string userClaim = "nameid", Dictionary<string, object>? claims = null)
    {
        var now = Time.GetUtcNow().UtcDateTime;
        var expires = now + (lifetime ?? TimeSpan.FromHours(1));
        claims ??= new(StringComparer.Ordinal);
        if (user is not null)
        {
            claims[userClaim] = user;
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Audience = audience,
            Expires = expires,
            NotBefore = expires < now ? expires.AddHours(-1) : now,
            IssuedAt = now,
            Claims = claims,
            SigningCredentials = new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key)), SecurityAlgorithms.HmacSha256),
        });
    }

    public string ClientUrl(string extraQuery = "") => $"{Endpoint}/client/?hub={Hub}{extraQuery}";

    public string ClientToken(string? user = null) => Token(ClientUrl(), user: user);

    public HubConnection NewClient(
        string? token, string? url = null, bool messagePack = false, HttpTransportType transport = HttpTransportType.WebSockets)
    {
        var builder = new HubConnectionBuilder().WithUrl(
            url ?? ClientUrl(), transport, http => http.AccessTokenProvider = () => Task.FromResult(token));
        if (messagePack)
        {
            builder.AddMessagePackProtocol();
        }

        var connection = builder.Build();
        resources.Add(connection);
        return connection;
    }

    public async Task<TestClient> ConnectAsync(
        string? user = null, bool messagePack = false, HttpTransportType transport = HttpTransportType.WebSockets)
    {
        var client = new TestClient(NewClient(ClientToken(user), messagePack: messagePack, transport: transport));
        await client.Connection.StartAsync(TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>A well-formed, authorized data-plane call unless told otherwise.</summary>
    public Task<HttpResponseMessage> RestAsync(
        HttpMethod method, string path, object? body = null, string query = "", string? token = null, string? rawBody = null)
        => SendAsync(method, $"/api/hubs/{Hub}{path}?api-version=2022-06-01{query}", body, token, rawBody);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string pathAndQuery,
        object? body = null,
        string? token = null,
        string? rawBody = null,
        string? contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, Endpoint + pathAndQuery);
        token ??= Token(Endpoint + pathAndQuery.Split('?')[0]);
        if (token.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        rawBody ??= body is null ? null : System.Text.Json.JsonSerializer.Serialize(body);
        if (rawBody is not null)
        {
            request.Content = new StringContent(rawBody, Encoding.UTF8);
            request.Content.Headers.ContentType = contentType is null ? null : new(contentType);
        }
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<int> StatusAsync(HttpMethod method, string path, object? body = null, string query = "")
    {
        using var response = await RestAsync(method, path, body, query);
        return (int)response.StatusCode;
    }

    public async Task SendToAsync(string path, string target, params object[] arguments)
        => Assert.Equal(202, await StatusAsync(HttpMethod.Post, $"{path}/:send", new { target, arguments }));

    public async ValueTask DisposeAsync()
    {
        foreach (var resource in resources)
        {
            await resource.DisposeAsync();
        }

        await Emulator.DisposeAsync();
        await Upstream.DisposeAsync();
        http.Dispose();
    }
}
