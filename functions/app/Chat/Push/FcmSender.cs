using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;
using Microsoft.Extensions.Options;
using Vox.Chat.Devices;
using Vox.Platform.Caching;

namespace Vox.Chat.Push;

/// <summary>Firebase Cloud Messaging, the HTTP interface v1, with the project's own service account.</summary>
public sealed class FcmSender(IPushKeys keys, IOptions<PushOptions> options, TimeProvider time) : IPushSender, IDisposable
{
    private const string Scope = "https://www.googleapis.com/auth/firebase.messaging";
    private const int MaxAnswer = 16 * 1_024;

    private readonly HttpClient http = PushClients.Create(MaxAnswer);

    /// <summary>Each keeps its access token, and gets another one in time.</summary>
    private readonly ExpiringCache<GoogleAccount, ServiceAccountCredential> credentials = new(10_000, TimeSpan.FromHours(6), time);

    public DeviceKind Kind => DeviceKind.Fcm;

    public async Task<PushResult> SendAsync(Device device, PushNotice notice, CancellationToken cancellationToken)
    {
        if (await keys.GoogleAsync(notice.ProjectId, cancellationToken) is not { } account)
        {
            return new(PushOutcome.Refused, "no_key");
        }

        try
        {
            var token = await Credential(account).GetAccessTokenForRequestAsync(cancellationToken: cancellationToken);
            using var request = new HttpRequestMessage(
                HttpMethod.Post, $"{options.Value.FcmUrl}/v1/projects/{Uri.EscapeDataString(account.FirebaseProject)}/messages:send")
            {
                Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(
                    new FcmRequest(FcmMessage.Of(device.Address, notice)), PushJson.Text.FcmRequest))
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
                },
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await http.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return PushResult.Sent;
            }

            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                credentials.Remove(account);
            }

            return Result(
                response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken),
                PushAnswers.Pause(response.Headers.RetryAfter, time.GetUtcNow()));
        }
        catch (TokenResponseException e)
        {
            // invalid_grant: the account was deleted, or its key.
            return e.StatusCode is { } status && (int)status < 500
                ? new(PushOutcome.Refused, PushAnswers.Short(e.Error?.Error, (int)status))
                : new(PushOutcome.Later, "token");
        }
        catch (Exception e) when (PushClients.IsNetwork(e, cancellationToken))
        {
            return new(PushOutcome.Later, "unreachable");
        }
    }

    public void Dispose() => http.Dispose();

    private static PushResult Result(HttpStatusCode status, byte[] body, TimeSpan? after)
    {
        var reason = PushAnswers.Short(ErrorCode(body) ?? PushAnswers.Text(body, "error", "status"), (int)status);
        return (status, reason) switch
        {
            (HttpStatusCode.NotFound, "UNREGISTERED") or (HttpStatusCode.Forbidden, "SENDER_ID_MISMATCH") => new(PushOutcome.Gone, reason),
            (HttpStatusCode.TooManyRequests, _) => new(PushOutcome.Later, reason, after) { SlowsProject = true },
            (HttpStatusCode.Unauthorized, _) => new(PushOutcome.Later, reason, after),
            ( >= HttpStatusCode.InternalServerError, _) => new(PushOutcome.Later, reason, after),
            _ => new(PushOutcome.Refused, reason),
        };
    }

    /// <summary>Firebase's own code, in the details of Google's error.</summary>
    private static string? ErrorCode(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.GetProperty("error").GetProperty("details").EnumerateArray()
                .Select(detail => detail.TryGetProperty("errorCode", out var code) ? code.GetString() : null)
                .FirstOrDefault(code => code is not null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private ServiceAccountCredential Credential(GoogleAccount account)
    {
        if (!credentials.TryGet(account, out var credential))
        {
            // Never the address in the uploaded file: it could lead anywhere.
            credential = new(new ServiceAccountCredential.Initializer(account.ClientEmail, options.Value.GoogleTokenUrl)
            {
                Scopes = [Scope],
                KeyId = account.KeyId,
            }.FromPrivateKey(account.PrivateKey));
            credentials.Set(account, credential);
        }

        return credential;
    }
}
