using System.Net;
using System.Text.Json;
using Lib.Net.Http.WebPush;
using Lib.Net.Http.WebPush.Authentication;
using Vox.Chat.Devices;
using Vox.Platform.Outbound;

namespace Vox.Chat.Push;

/// <summary>
/// Web Push: RFC 8030, encrypted by RFC 8291. The address is the browser's own, so it is guarded like any of a customer's.
/// </summary>
public sealed class WebPushSender(VapidKeys keys, PushReceipts receipts, OutboundGuard outbound, TimeProvider time) : IPushSender
{
    public DeviceKind Kind => DeviceKind.Web;

    public async Task<PushResult> SendAsync(Device device, PushNotice notice, CancellationToken cancellationToken)
    {
        var subscription = new PushSubscription { Endpoint = device.Address };
        subscription.SetKey(PushEncryptionKeyName.P256DH, device.Key);
        subscription.SetKey(PushEncryptionKeyName.Auth, device.Secret);
        var receipt = notice.Conversation.Length > 0 ? await receipts.CreateAsync(device, notice, cancellationToken) : null;
        var message = new PushMessage(JsonSerializer.Serialize(WebPushBody.Of(notice, receipt), PushJson.Text.WebPushBody))
        {
            Topic = notice.Tag,
            TimeToLive = (int)PushAnswers.Lifetime.TotalSeconds,
            Urgency = notice.Silent ? PushMessageUrgency.Normal : PushMessageUrgency.High,
        };
        try
        {
            var authentication = await keys.GetAsync(notice.ProjectId, cancellationToken);
            // Neither has connections of its own. Repeating is the queue's part.
            using var http = new HttpClient(new GuardedHandler(outbound, authentication)) { Timeout = Timeout.InfiniteTimeSpan };
            var client = new PushServiceClient(http) { AutoRetryAfter = false };
            await client.RequestPushMessageDeliveryAsync(
                subscription, message, authentication, VapidAuthenticationScheme.Vapid, cancellationToken);
            return PushResult.Sent;
        }
        catch (PushServiceClientException e)
        {
            var after = PushAnswers.Pause(e.Headers?.RetryAfter, time.GetUtcNow());
            return e.StatusCode switch
            {
                HttpStatusCode.NotFound or HttpStatusCode.Gone => new(PushOutcome.Gone, $"{(int)e.StatusCode}"),
                HttpStatusCode.TooManyRequests => new(PushOutcome.Later, "429", after),
                HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError =>
                    new(PushOutcome.Later, $"{(int)e.StatusCode}", after),
                _ => new(PushOutcome.Refused, $"{(int)e.StatusCode}"),
            };
        }
        catch (OutboundException)
        {
            return new(PushOutcome.Later, "unreachable");
        }
    }

    /// <summary>Makes the library's requests in the way in which all requests to addresses of others are made.</summary>
    private sealed class GuardedHandler(OutboundGuard outbound, VapidAuthentication authentication) : HttpMessageHandler
    {
        /// <summary>Of an answer. Only its status counts.</summary>
        private const int MaxAnswer = 1_024;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // A copy: a request that was begun by one client cannot be sent by another.
            using var copy = new HttpRequestMessage(request.Method, request.RequestUri);
            foreach (var (name, values) in request.Headers)
            {
                copy.Headers.TryAddWithoutValidation(name, values);
            }

            if (request.RequestUri is { IsDefaultPort: false } address)
            {
                // RFC 8292: the audience is the origin, and the port is part of it. The library leaves it out.
                copy.Headers.Remove("Authorization");
                copy.Headers.TryAddWithoutValidation(
                    "Authorization",
                    "vapid " + authentication.GetVapidSchemeAuthenticationHeaderValueParameter(address.GetLeftPart(UriPartial.Authority)));
            }

            copy.Content = request.Content is { } content ? await CopyAsync(content, cancellationToken) : null;
            var answer = await outbound.SendAsync(copy, MaxAnswer, cancellationToken);
            var response = new HttpResponseMessage((HttpStatusCode)answer.Status)
            {
                Content = new ReadOnlyMemoryContent(answer.Body),
                RequestMessage = request,
            };
            response.Headers.RetryAfter = answer.RetryAfter;
            return response;
        }

        private static async Task<ByteArrayContent> CopyAsync(HttpContent content, CancellationToken cancellationToken)
        {
            var copy = new ByteArrayContent(await content.ReadAsByteArrayAsync(cancellationToken));
            foreach (var (name, values) in content.Headers)
            {
                copy.Headers.TryAddWithoutValidation(name, values);
            }

            return copy;
        }
    }
}
