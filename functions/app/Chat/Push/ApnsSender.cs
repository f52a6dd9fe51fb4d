using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Vox.Chat.Devices;
using Vox.Platform.Caching;
using Vox.Platform.Storage;

namespace Vox.Chat.Push;

/// <summary>The Apple Push Notification service: HTTP/2, with a token signed by the project's key.</summary>
public sealed class ApnsSender(IPushKeys keys, IOptions<PushOptions> options, TimeProvider time) : IPushSender, IDisposable
{
    private const int MaxAnswer = 4 * 1_024;

    private readonly HttpClient http = PushClients.Create(MaxAnswer);
    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>Apple takes a token for an hour, and refuses apps that make another one more often than every 20 minutes.</summary>
    private readonly ExpiringCache<string, string> tokens = new(10_000, TimeSpan.FromMinutes(40), time);

    public DeviceKind Kind => DeviceKind.Apns;

    public async Task<PushResult> SendAsync(Device device, PushNotice notice, CancellationToken cancellationToken)
    {
        if (await keys.AppleAsync(notice.ProjectId, cancellationToken) is not { } key)
        {
            return new(PushOutcome.Refused, "no_key");
        }

        var service = device.Sandbox ? options.Value.ApnsSandboxUrl : options.Value.ApnsUrl;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{service}/3/device/{device.Address}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(ApnsBody.Of(notice), PushJson.Text.ApnsBody))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        request.Headers.TryAddWithoutValidation("authorization", "bearer " + TokenOf(key));
        request.Headers.Add("apns-topic", key.BundleId);
        request.Headers.Add("apns-push-type", "alert");
        request.Headers.Add("apns-priority", notice.Silent ? "5" : "10");
        request.Headers.Add("apns-collapse-id", notice.Tag);
        request.Headers.Add(
            "apns-expiration", (time.GetUtcNow() + PushAnswers.Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return PushResult.Sent;
            }

            var reason = PushAnswers.Short(
                PushAnswers.Text(await response.Content.ReadAsByteArrayAsync(cancellationToken), "reason"), (int)response.StatusCode);
            if (reason == "ExpiredProviderToken")
            {
                tokens.Remove(NameOf(key));
            }

            return Result(response.StatusCode, reason, PushAnswers.Pause(response.Headers.RetryAfter, time.GetUtcNow()));
        }
        catch (Exception e) when (PushClients.IsNetwork(e, cancellationToken))
        {
            return new(PushOutcome.Later, "unreachable");
        }
    }

    public void Dispose() => http.Dispose();

    private static PushResult Result(HttpStatusCode status, string reason, TimeSpan? after) => (status, reason) switch
    {
        (HttpStatusCode.Gone, _) or (_, "BadDeviceToken" or "DeviceTokenNotForTopic" or "Unregistered") => new(PushOutcome.Gone, reason),
        (_, "TooManyProviderTokenUpdates") => new(PushOutcome.Later, reason, after) { SlowsProject = true },
        (HttpStatusCode.TooManyRequests, _) => new(PushOutcome.Later, reason, after),
        (_, "ExpiredProviderToken") => new(PushOutcome.Later, reason, after),
        _ when PushClients.IsServerError(status) => new(PushOutcome.Later, reason, after),
        _ => new(PushOutcome.Refused, reason),
    };

    private string TokenOf(AppleKey key)
    {
        if (tokens.TryGet(NameOf(key), out var known))
        {
            return known;
        }

        using var secret = ECDsa.Create();
        secret.ImportPkcs8PrivateKey(key.PrivateKey, out _);
        var token = handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = key.TeamId,
            IssuedAt = time.GetUtcNow().UtcDateTime,
            SigningCredentials = new(new ECDsaSecurityKey(secret) { KeyId = key.KeyId }, SecurityAlgorithms.EcdsaSha256)
            {
                // A cached provider would outlive the key.
                CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
            },
        });
        tokens.Set(NameOf(key), token);
        return token;
    }

    /// <summary>The same key, whenever it was read: another one may have the same id.</summary>
    private static string NameOf(AppleKey key) => KeyText.Digest(key.TeamId, key.KeyId, Convert.ToBase64String(key.PrivateKey));
}
