using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Outbound;
using Vox.Platform.Storage;

namespace Vox.Chat.Devices;

/// <summary>Checks what a client says of its device.</summary>
internal static class DeviceRequests
{
    private const int MaxToken = 4_096;
    private const int MaxAppVersion = 64;
    private const int MaxLanguage = 35;
    private const int PointBytes = 65;
    private const int SecretBytes = 16;

    /// <exception cref="VoxException">missing_field, invalid_field, too_long</exception>
    public static Device Read(DeviceRequest request, UserIdentity user, string sessionId, OutboundGuard outbound, DateTimeOffset now)
    {
        var kind = request.Kind switch
        {
            "web" => DeviceKind.Web,
            "fcm" => DeviceKind.Fcm,
            "apns" => DeviceKind.Apns,
            null or "" => throw Missing("kind", "say web, fcm or apns"),
            _ => throw Invalid("kind", "must be web, fcm or apns"),
        };
        var (address, key, secret) = kind == DeviceKind.Web ? Subscription(request.Subscription, outbound) : (Token(request, kind), "", "");
        return new Device(
            user, KeyText.Digest(kind.ToString(), address), sessionId, kind, address, key, secret, Language(request.Language),
            AppVersion(request.AppVersion), kind == DeviceKind.Apns && request.Sandbox == true, Quiet(request.QuietHours), now, now);
    }

    private static string Token(DeviceRequest request, DeviceKind kind)
    {
        var token = request.Token is { Length: > 0 } given ? given : throw Missing("token", "it is what the platform gave the app");
        if (token.Length > MaxToken)
        {
            throw new VoxException(Errors.TooLong, $"token may have at most {MaxToken:N0} characters.", "token");
        }

        if (kind == DeviceKind.Apns)
        {
            // Apple's are not of a fixed length. They go into the path of a request.
            return token.Length is >= 64 and <= 400 && token.Length % 2 == 0 && token.All(char.IsAsciiHexDigit)
                ? token.ToLowerInvariant()
                : throw Invalid("token", "must be the device token in hexadecimal digits, at least 64 of them");
        }

        return token.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ':' or '.')
            ? token
            : throw Invalid("token", "is not a registration token of Firebase");
    }

    private static (string Address, string Key, string Secret) Subscription(WebSubscription? subscription, OutboundGuard outbound)
    {
        if (subscription is null)
        {
            throw Missing("subscription", "it is what PushSubscription.toJSON() gives");
        }

        if (subscription.Endpoint is not { Length: > 0 } endpoint)
        {
            throw Missing("subscription.endpoint", "it is part of the subscription");
        }

        if (outbound.Check(endpoint) is { } wrong)
        {
            throw new VoxException(Errors.InvalidField, "subscription.endpoint " + wrong, "subscription.endpoint");
        }

        var key = Bytes(subscription.Keys?.P256dh, PointBytes, "subscription.keys.p256dh");
        if (!IsPoint(key))
        {
            throw Invalid("subscription.keys.p256dh", "must be an uncompressed point on the curve P-256");
        }

        var secret = Bytes(subscription.Keys?.Auth, SecretBytes, "subscription.keys.auth");
        return (endpoint, Base64Url.EncodeToString(key), Base64Url.EncodeToString(secret));
    }

    private static byte[] Bytes(string? text, int length, string field)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw Missing(field, "it is part of the subscription");
        }

        return text.Length <= 2 * length && Base64Url.IsValid(text, out var decoded) && decoded == length
            ? Base64Url.DecodeFromChars(text)
            : throw Invalid(field, $"must be {length} bytes in base64url");
    }

    private static bool IsPoint(byte[] bytes)
    {
        if (bytes[0] != 4)
        {
            return false;
        }

        try
        {
            using var key = ECDiffieHellman.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = bytes[1..33], Y = bytes[33..] },
            });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string Language(string? language) => language switch
    {
        null or "" => "",
        { Length: > MaxLanguage } => throw new VoxException(
            Errors.TooLong, $"language may have at most {MaxLanguage} characters.", "language"),
        _ when char.IsAsciiLetter(language[0]) && language.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') => language,
        _ => throw Invalid("language", "must be a tag such as de or de-AT"),
    };

    private static string AppVersion(string? version) => version switch
    {
        null => "",
        { Length: > MaxAppVersion } => throw new VoxException(
            Errors.TooLong, $"appVersion may have at most {MaxAppVersion} characters.", "appVersion"),
        _ when version.Any(char.IsControl) => throw Invalid("appVersion", "may have no control characters"),
        _ => version,
    };

    private static QuietHours? Quiet(QuietHoursView? quiet)
    {
        if (quiet is null)
        {
            return null;
        }

        if (quiet.TimeZone is not { Length: > 0 and <= 64 } zone || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            throw Invalid("quietHours.timeZone", "must be an IANA time zone such as Europe/Vienna");
        }

        return new QuietHours(Time(quiet.From, "quietHours.from"), Time(quiet.To, "quietHours.to"), zone);
    }

    private static int Time(string? text, string field) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? (time.Hour * 60) + time.Minute
            : throw Invalid(field, "must be a time such as 22:00");

    private static VoxException Missing(string field, string what) => new(Errors.MissingField, $"{field} is missing: {what}.", field);

    private static VoxException Invalid(string field, string what) => new(Errors.InvalidField, $"{field} {what}.", field);
}
