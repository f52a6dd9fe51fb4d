using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Vox.Platform.Security;
using Vox.Portal.PushKeys;
using Vox.Tests.Fixture;

namespace Vox.Tests.Push;

/// <summary>A request that a push service got and took.</summary>
internal sealed record Pushed(string Service, string Path, HeaderDictionary Headers, byte[] Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string Header(string name) => Headers[name].ToString();
}

/// <summary>
/// Stands in for the push services of browsers, Google and Apple, on loopback. It checks what they check and refuses what they refuse;
/// what it has taken can be read.
/// </summary>
internal sealed class PushStation : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Channel<Pushed> all = Channel.CreateUnbounded<Pushed>();
    private readonly ConcurrentDictionary<string, bool> tokens = new(StringComparer.Ordinal);
    private readonly ECDsa appleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA googleKey = RSA.Create(2048);
    private readonly WebApplication app;

    private PushStation(WebApplication app) => this.app = app;

    /// <summary>What a good request is answered with instead, if this returns true.</summary>
    public Func<Pushed, HttpContext, bool>? Answer { get; set; }

    /// <summary>Whatever was refused, and why.</summary>
    public ConcurrentQueue<string> Refused { get; } = new();

    public int TokensGiven => tokens.Count;

    public ConcurrentQueue<Pushed> Taken { get; } = new();

    private string Plain => app.Urls.First();

    private string Two => app.Urls.Last();

    public string WebAddress(string name) => $"{Plain}/web/{name}";

    public IEnumerable<string> Settings =>
    [
        "Outbound:AllowLoopback=true", "Push:DelaySeconds=0", "Push:RetrySeconds=0", "Push:FcmUrl=" + Plain,
        $"Push:GoogleTokenUrl={Plain}/token", "Push:ApnsUrl=" + Two, $"Push:ApnsSandboxUrl={Two}/sandbox",
        "Push:Contact=mailto:ops@example.com",
    ];

    public static async Task<PushStation> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var station = new PushStation(builder.Build());
        station.app.Run(station.AnswerAsync);
        await station.app.StartAsync();
        return station;
    }

    /// <summary>Stores this station's keys as the portal does after an upload.</summary>
    public async Task GiveKeysAsync(VoxApp vox, string projectId)
    {
        var account = JsonSerializer.Serialize(new
        {
            type = "service_account",
            project_id = "shop-1",
            private_key_id = "gkey",
            private_key = googleKey.ExportPkcs8PrivateKeyPem(),
            client_email = "push@shop-1.iam.gserviceaccount.com",
            // Files have it. It must not be used: it could lead anywhere.
            token_uri = "http://127.0.0.1:1/token",
        });
        var google = GoogleKey.Read(new AndroidPushKeyRequest(account, null));
        var apple = AppleKeyFile.Read(
            Encoding.UTF8.GetBytes(appleKey.ExportPkcs8PrivateKeyPem()),
            new IosPushKeyRequest(null, null, "AKEY123456", "TEAM123456", "com.example.shop"), TimeProvider.System.GetUtcNow());
        var (store, protector, now) = (vox.Get<PushKeyStore>(), vox.Get<SecretProtector>(), TimeProvider.System.GetUtcNow());
        await store.SetAsync(
            projectId, PushKeyStore.Android,
            JsonSerializer.Serialize(
                new AndroidPushKey(google.Kind, google.FirebaseProject, google.ClientEmail, google.KeyId, google.Fingerprint, now, "test"),
                PushKeyJson.Wire.AndroidPushKey),
            protector.Protect(PushKeyService.Purpose(projectId, PushKeyStore.Android), google.Secret), CancellationToken.None);
        await store.SetAsync(
            projectId, PushKeyStore.Ios,
            JsonSerializer.Serialize(
                new IosPushKey(
                    apple.Kind, apple.Subject, apple.BundleId, apple.KeyId, apple.TeamId, apple.Environment, apple.ExpiresAt,
                    apple.Fingerprint, now, "test"),
                PushKeyJson.Wire.IosPushKey),
            protector.Protect(PushKeyService.Purpose(projectId, PushKeyStore.Ios), apple.Secret), CancellationToken.None);
    }

    public async Task<Pushed> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await all.Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException("No push message arrived. Refused: " + string.Join("; ", Refused), e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        appleKey.Dispose();
        googleKey.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var path = context.Request.Path.Value!;
        var pushed = new Pushed(
            path.StartsWith("/web/", StringComparison.Ordinal) ? "web" : path.Contains("/3/device/", StringComparison.Ordinal) ? "apns"
                : path == "/token" ? "token" : "fcm",
            path,
            new HeaderDictionary(context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase)),
            body.ToArray());
        if (pushed.Service == "token")
        {
            await GiveTokenAsync(pushed, context);
            return;
        }

        if (await WrongAsync(pushed, context) is { } wrong)
        {
            Refused.Enqueue($"{path}: {wrong}");
            context.Response.StatusCode = 400;
            await context.Response.WriteAsJsonAsync(new { reason = wrong });
            return;
        }

        if (Answer?.Invoke(pushed, context) == true)
        {
            return;
        }

        context.Response.StatusCode = pushed.Service == "web" ? 201 : 200;
        Taken.Enqueue(pushed);
        all.Writer.TryWrite(pushed);
    }

    private async Task<string?> WrongAsync(Pushed pushed, HttpContext context) => pushed.Service switch
    {
        _ when context.Request.Method != "POST" => "not a POST",
        "web" => WrongWeb(pushed),
        "fcm" => WrongFcm(pushed),
        _ => await WrongAppleAsync(pushed, context),
    };

    /// <summary>RFC 8030, as the services of browsers check it. The signature is checked by the test, with Node.</summary>
    private string? WrongWeb(Pushed pushed)
    {
        var token = pushed.Header("Authorization").Split("t=").ElementAtOrDefault(1)?.Split(',')[0];
        if (token is null || !pushed.Header("Authorization").StartsWith("vapid ", StringComparison.Ordinal))
        {
            return "no VAPID";
        }

        var jwt = new JsonWebToken(token);
        var isForUs = jwt.Audiences.SingleOrDefault() == new Uri(Plain).GetLeftPart(UriPartial.Authority);
        return (isForUs, pushed.Header("Content-Encoding"), pushed.Header("TTL")) switch
        {
            (false, _, _) => "aud " + jwt.Audiences.SingleOrDefault(),
            _ when jwt.ValidTo > TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(24) => "exp",
            (_, not "aes128gcm", _) => "encoding",
            (_, _, "") => "TTL",
            _ when pushed.Body.Length > 4_096 => "size",
            _ when pushed.Header("Topic").Length > 32 => "Topic",
            _ => null,
        };
    }

    private string? WrongFcm(Pushed pushed)
    {
        if (pushed.Path != "/v1/projects/shop-1/messages:send")
        {
            return "path";
        }

        if (!tokens.ContainsKey(pushed.Header("Authorization").Replace("Bearer ", "", StringComparison.Ordinal)))
        {
            return "token";
        }

        var message = pushed.Json.GetProperty("message");
        return message.TryGetProperty("token", out _)
            && message.GetProperty("data").EnumerateObject().All(field => field.Value.ValueKind == JsonValueKind.String)
            && message.GetProperty("android").GetProperty("priority").GetString() is "HIGH" or "NORMAL"
            && message.GetProperty("android").GetProperty("ttl").GetString()!.EndsWith('s')
            ? null
            : "message";
    }

    private async Task<string?> WrongAppleAsync(Pushed pushed, HttpContext context)
    {
        if (context.Request.Protocol != "HTTP/2")
        {
            return "protocol " + context.Request.Protocol;
        }

        var token = pushed.Header("authorization");
        var checks = await new JsonWebTokenHandler().ValidateTokenAsync(
            token.Replace("bearer ", "", StringComparison.Ordinal), new TokenValidationParameters
            {
                IssuerSigningKey = new ECDsaSecurityKey(appleKey) { KeyId = "AKEY123456" },
                ValidAlgorithms = ["ES256"],
                ValidIssuer = "TEAM123456",
                ValidateAudience = false,
                RequireExpirationTime = false,
            });
        if (!checks.IsValid || checks.SecurityToken is not JsonWebToken jwt || jwt.Kid != "AKEY123456")
        {
            return "InvalidProviderToken: " + checks.Exception?.Message;
        }

        var age = TimeProvider.System.GetUtcNow() - new DateTimeOffset(jwt.IssuedAt, TimeSpan.Zero);
        if (age > TimeSpan.FromHours(1) || age < TimeSpan.FromMinutes(-1))
        {
            return "ExpiredProviderToken";
        }

        var aps = pushed.Json.GetProperty("aps");
        return (pushed.Header("apns-topic"), pushed.Header("apns-push-type"), pushed.Header("apns-priority")) switch
        {
            (not "com.example.shop", _, _) => "DeviceTokenNotForTopic",
            (_, not "alert", _) => "InvalidPushType",
            (_, _, not ("10" or "5")) => "BadPriority",
            _ when pushed.Header("apns-collapse-id").Length is 0 or > 64 => "BadCollapseId",
            _ when !long.TryParse(pushed.Header("apns-expiration"), out _) => "BadExpirationDate",
            _ when pushed.Body.Length > 4_096 => "PayloadTooLarge",
            _ => aps.GetProperty("alert").GetProperty("title").GetString() is { Length: > 0 } ? null : "BadPayload",
        };
    }

    /// <summary>Google's token exchange: RFC 7523.</summary>
    private async Task GiveTokenAsync(Pushed pushed, HttpContext context)
    {
        var form = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(Encoding.UTF8.GetString(pushed.Body));
        var checks = await new JsonWebTokenHandler().ValidateTokenAsync(form["assertion"].ToString(), new TokenValidationParameters
        {
            IssuerSigningKey = new RsaSecurityKey(googleKey) { KeyId = "gkey" },
            ValidAlgorithms = ["RS256"],
            ValidIssuer = "push@shop-1.iam.gserviceaccount.com",
            ValidAudience = "https://oauth2.googleapis.com/token",
        });
        if (form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer" || !checks.IsValid
            || ((JsonWebToken)checks.SecurityToken).GetPayloadValue<string>("scope")
                != "https://www.googleapis.com/auth/firebase.messaging")
        {
            Refused.Enqueue("token: " + checks.Exception?.Message);
            context.Response.StatusCode = 400;
            await context.Response.WriteAsJsonAsync(new { error = "invalid_grant" });
            return;
        }

        var token = "ya29." + Guid.NewGuid().ToString("N");
        tokens[token] = true;
        await context.Response.WriteAsJsonAsync(new { access_token = token, expires_in = 3_599, token_type = "Bearer" });
    }
}
