using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Vox.Server;

/// <summary>Something that has happened in the project.</summary>
/// <param name="Id">The same whenever the event is delivered again.</param>
/// <param name="Type">What has happened, such as <c>message.sent</c>.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Data">What belongs to this type.</param>
public sealed record VoxEvent(string Id, string Type, DateTimeOffset Timestamp, JsonElement Data);

/// <summary>A webhook was not signed with your secret, or is too old.</summary>
public sealed class VoxWebhookException(string message) : Exception(message);

internal sealed record WebhookBody(string? Type, DateTimeOffset Timestamp, JsonElement Data);

/// <summary>Checks signatures of webhooks (Standard Webhooks).</summary>
public static class VoxWebhooks
{
    /// <summary>How far the sender's clock and yours may differ.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string Prefix = "whsec_";

    /// <summary>Reads an event, if it was signed with one of the secrets within the last five minutes.</summary>
    /// <param name="secrets">Of the endpoint, <c>whsec_…</c>. While you rotate, there are two.</param>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>.</param>
    /// <param name="signature">The header <c>webhook-signature</c>.</param>
    /// <param name="body">Exactly as it came.</param>
    /// <param name="now">Null for the system's time.</param>
    /// <exception cref="VoxWebhookException">It is not to be trusted.</exception>
    public static VoxEvent Read(
        IEnumerable<string> secrets, string? id, string? timestamp, string? signature, ReadOnlySpan<byte> body, DateTimeOffset? now = null)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(signature)
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            throw new VoxWebhookException("The webhook lacks its id, its time or its signature.");
        }

        var age = (now ?? TimeProvider.System.GetUtcNow()) - DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (age > Tolerance || age < -Tolerance)
        {
            throw new VoxWebhookException("The webhook is too old, or the clocks differ.");
        }

        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        if (!secrets.Any(secret => IsSignedWith(secret, signed, signature)))
        {
            throw new VoxWebhookException("The webhook was not signed with a secret of this endpoint.");
        }

        try
        {
            var read = JsonSerializer.Deserialize(body, VoxJson.Default.WebhookBody);
            return new VoxEvent(id, read?.Type ?? "", read?.Timestamp ?? default, read?.Data ?? default);
        }
        catch (JsonException)
        {
            throw new VoxWebhookException("The webhook is signed, but it is no event.");
        }
    }

    private static bool IsSignedWith(string secret, byte[] signed, string signatures)
    {
        var key = Convert.FromBase64String(secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret);
        var expected = Encoding.ASCII.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));

        // All of them are compared, each in constant time.
        var found = false;
        foreach (var one in signatures.Split(' '))
        {
            found |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), expected);
        }

        return found;
    }
}
