using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Vox.Platform.Outbound;

namespace Vox.Chat.Webhooks;

/// <summary>Sends one signed request, by the specification Standard Webhooks.</summary>
public sealed class WebhookSender(OutboundGuard outbound, TimeProvider time)
{
    /// <summary>Of the answer. Only its status counts.</summary>
    private const int MaxAnswer = 4 * 1024;

    /// <param name="maxAnswer">How many bytes of the answer are read.</param>
    internal async Task<(WebhookAttempt Attempt, OutboundAnswer? Answer)> SendAsync(
        string url, string id, string body, IEnumerable<string> secrets, CancellationToken cancellationToken,
        int maxAnswer = MaxAnswer)
    {
        var at = time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("VoxFunctions-Webhooks", "1"));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", string.Join(' ', secrets.Select(secret => Sign(secret, $"{id}.{timestamp}.{body}"))));
        // By the stopwatch: the app's clock may be set.
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        try
        {
            var answer = await outbound.SendAsync(request, maxAnswer, cancellationToken);
            return (
                new WebhookAttempt(at, answer.Status, Elapsed(began), answer.Status switch
                {
                    >= 200 and < 300 => null,
                    >= 300 and < 400 => "The address redirects: redirects are not followed.",
                    _ => $"The address answered {answer.Status}.",
                }),
                answer);
        }
        catch (OutboundException e)
        {
            return (new WebhookAttempt(at, null, Elapsed(began), e.Message), null);
        }
    }

    private static string Sign(string secret, string signed) => "v1," + Convert.ToBase64String(HMACSHA256.HashData(
        Convert.FromBase64String(secret[WebhookService.SecretPrefix.Length..]), Encoding.UTF8.GetBytes(signed)));

    private static int Elapsed(long began) => (int)System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalMilliseconds;
}
