using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.ServerSdk;

/// <summary>The samples of both SDKs, as customers start them.</summary>
public sealed class SampleTests(Backends backends)
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task AspNet_GivesTokensSaysWhatShippedAndTakesSignedWebhooks()
    {
        var server = await SdkProgram.ServerAsync(backends, "alice");
        using var sample = SdkProgram.Start(
            "dotnet", "dotnet/Sample", [Path.Combine("bin", Build, "net10.0", "Vox.Server.Sample.dll"), "--urls", "http://127.0.0.1:0"],
            ("Vox__Address", server.App.Address.ToString()), ("Vox__ApiKey", server.Key), ("Vox__WebhookSecrets__0", Secret));
        var line = await sample.LineWithAsync("Now listening on: ");

        await WorksAsync(server, new Uri(line[(line.IndexOf("http", StringComparison.Ordinal))..]));
    }

    [Fact]
    public async Task Express_GivesTokensSaysWhatShippedAndTakesSignedWebhooks()
    {
        var server = await SdkProgram.ServerAsync(backends, "alice");
        using var sample = SdkProgram.Start(
            "node", "node", ["sample/server.mjs"],
            ("VOX_ADDRESS", server.App.Address.ToString()), ("VOX_API_KEY", server.Key), ("VOX_WEBHOOK_SECRET", Secret), ("PORT", "0"));
        var line = await sample.LineWithAsync("listening on ");

        await WorksAsync(server, new Uri("http://127.0.0.1:" + line.Split(' ')[^1]));
    }

    private static string Build => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static async Task WorksAsync(TestServer server, Uri sample)
    {
        using var http = new HttpClient { BaseAddress = sample };

        // The user's app gets a token from the sample and logs in with it, without any password.
        using var ask = new HttpRequestMessage(HttpMethod.Post, "/token");
        ask.Headers.Add("X-Signed-In-As", "bob");
        var token = (await http.SendAsync(ask).JsonAsync()).GetProperty("token").GetString();
        using var logIn = await server.App.Http.PostAsJsonAsync("/api/v1/sessions", new { projectId = server.Project.Id, token });
        var bob = TestSession.Of(server.App, await logIn.Content.ReadFromJsonAsync<JsonElement>());
        using var stranger = await http.PostAsync("/token", null);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);

        // A message of the system arrives live.
        await server.PostJsonAsync("groups", new { id = "order-7", name = "Order 7", owner = "alice", members = (string[])["bob"] });
        await using var live = await bob.ConnectAsync();
        await http.PostAsync("/orders/7/shipped", null).JsonAsync();
        await http.PostAsync("/orders/7/shipped", null).JsonAsync();
        var told = await live.NextAsync("message");
        Assert.Equal(
            ("Order 7 is on its way.", "", true),
            (told.GetProperty("data").GetString(), told.GetProperty("from").GetString(), told.GetProperty("system").GetBoolean()));
        Assert.Equal(1, (await server.GetJsonAsync("groups/order-7/messages")).GetProperty("lastSequence").GetInt32());

        // A webhook that is signed, and one that is not.
        const string Body = """{"type":"message.sent","timestamp":"2026-11-30T09:00:00Z","data":{}}""";
        Assert.Equal(HttpStatusCode.NoContent, await WebhookAsync(Secret));
        Assert.Equal(HttpStatusCode.Unauthorized, await WebhookAsync("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
        Assert.Equal("""["msg_1 message.sent"]""", (await http.GetStringAsync("/heard")).Trim());

        async Task<HttpStatusCode> WebhookAsync(string secret)
        {
            var now = TimeProvider.System.GetUtcNow();
            using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/vox")
            {
                Content = new StringContent(Body, Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("webhook-id", "msg_1");
            request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
            request.Headers.Add("webhook-signature", new StandardWebhooks.StandardWebhook(secret).Sign("msg_1", now, Body));
            using var answer = await http.SendAsync(request);
            return answer.StatusCode;
        }
    }
}
