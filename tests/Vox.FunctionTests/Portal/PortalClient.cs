using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

/// <summary>A browser at the portal: keeps cookies, sends the CSRF token.</summary>
public sealed class PortalClient : IDisposable
{
    public const string Password = "correct horse battery 9";

    private readonly PortalApp portal;

    public PortalClient(VoxApp app, PortalApp portal)
    {
        this.portal = portal;
        Http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies })
        {
            BaseAddress = new Uri(app.Address, "/api/portal/v1/")
        };
    }

    public HttpClient Http { get; }

    public CookieContainer Cookies { get; } = new();

    public string Email { get; private set; } = "";

    public string? CsrfToken { get; set; }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (CsrfToken is not null)
        {
            request.Headers.Add("X-CSRF-Token", CsrfToken);
        }

        return await Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body);

    public async Task<JsonElement> GetAsync(string path) => await JsonAsync(SendAsync(HttpMethod.Get, path));

    public async Task<JsonElement> PostJsonAsync(string path, object body) => await JsonAsync(PostAsync(path, body));

    /// <summary>Expects success.</summary>
    public async Task DoAsync(HttpMethod method, string path, object? body = null) => await JsonAsync(SendAsync(method, path, body));

    /// <summary>The status and the app's code of an answer that has to be a refusal.</summary>
    public async Task<(int Status, string Code)> RefusedAsync(HttpMethod method, string path, object? body = null)
    {
        using var response = await SendAsync(method, path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.False(response.IsSuccessStatusCode, $"{method} {path} succeeded: {text}");
        return ((int)response.StatusCode, JsonSerializer.Deserialize<JsonElement>(text).GetProperty("code").GetString()!);
    }

    public object SignUp(string email, string captcha) => new
    {
        name = "Ada Lovelace",
        company = "Analytical Engines",
        email,
        phone = "020 7946 0018",
        country = "GB",
        password = Password,
        termsVersion = "2026-01",
        captcha,
    };

    /// <summary>Signs up and activates.</summary>
    public async Task RegisterAsync(string email)
    {
        Email = email;
        await DoAsync(HttpMethod.Post, "accounts", SignUp(email, await SolveCaptchaAsync()));
        await DoAsync(HttpMethod.Post, "accounts/activate", new { token = PortalApp.TokenOf(await portal.MailAsync(email, "Activate")) });
    }

    /// <summary>Signs in with the password and the code of the newest e-mail.</summary>
    public async Task SignInAsync(string? password = null, bool remember = false, string? email = null)
    {
        Email = email ?? Email;
        var before = (await portal.MailsAsync(Email, "sign-in code")).Count;
        var answer = await PostJsonAsync("session", new { email = Email, password = password ?? Password });
        if (!answer.GetProperty("signedIn").GetBoolean())
        {
            Assert.Equal("email", answer.GetProperty("method").GetString());
            var code = PortalApp.CodeOf(await portal.MailAsync(Email, "sign-in code", before + 1));
            await DoAsync(
                HttpMethod.Post,
                "session/verify",
                new { ticket = answer.GetProperty("ticket").GetString(), code, rememberDevice = remember });
        }

        await LoadSessionAsync();
    }

    public async Task<JsonElement> LoadSessionAsync()
    {
        var session = await GetAsync("session");
        CsrfToken = session.GetProperty("csrfToken").GetString();
        return session;
    }

    public async Task<string> SolveCaptchaAsync()
    {
        var challenge = await GetAsync("captcha");
        var salt = challenge.GetProperty("salt").GetString();
        var wanted = challenge.GetProperty("challenge").GetString();
        var number = Enumerable.Range(0, challenge.GetProperty("maxnumber").GetInt32() + 1)
            .First(n => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(salt + n))) == wanted);
        return Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new
        {
            algorithm = "SHA-256",
            challenge = wanted,
            number,
            salt,
            signature = challenge.GetProperty("signature").GetString(),
            took = 1,
        }));
    }

    public void Dispose() => Http.Dispose();

    private static async Task<JsonElement> JsonAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }
}
