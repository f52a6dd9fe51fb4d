using System.Globalization;
using System.Text.Json.Serialization;

namespace Vox.Chat.Push;

/// <summary>What the service worker of the web SDK gets.</summary>
/// <param name="Receipt">See <see cref="PushReceipts"/>. Null for a test.</param>
internal sealed record WebPushBody(
    string Id, string Tag, string Title, string Body, string Conversation, string? To, long Sequence, long SentAt, bool? Silent,
    string? Receipt)
{
    public static WebPushBody Of(PushNotice notice, string? receipt) => new(
        notice.Id, notice.Tag, notice.Title, notice.Body, notice.Conversation, notice.To, notice.Sequence, notice.SentAt,
        notice.Silent ? true : null, receipt);
}

internal sealed record FcmRequest(FcmMessage Message);

internal sealed record FcmMessage(string Token, FcmNotification Notification, Dictionary<string, string> Data, FcmAndroid Android)
{
    public static FcmMessage Of(string token, PushNotice notice) => new(
        token, new FcmNotification(notice.Title, notice.Body), PushData.Of(notice),
        new FcmAndroid(
            notice.Tag, notice.Silent ? "NORMAL" : "HIGH",
            ((long)PushAnswers.Lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture) + "s",
            new FcmAndroidNotification(notice.Tag)));
}

internal sealed record FcmNotification(string Title, string Body);

internal sealed record FcmAndroid(
    [property: JsonPropertyName("collapse_key")] string CollapseKey, string Priority, string Ttl, FcmAndroidNotification Notification);

internal sealed record FcmAndroidNotification(string Tag);

internal sealed record ApnsBody(ApnsAps Aps, Dictionary<string, string> Vox)
{
    public static ApnsBody Of(PushNotice notice) => new(
        new ApnsAps(new ApnsAlert(notice.Title, notice.Body), notice.Silent ? null : "default", notice.Tag), PushData.Of(notice));
}

internal sealed record ApnsAps(ApnsAlert Alert, string? Sound, [property: JsonPropertyName("thread-id")] string ThreadId);

internal sealed record ApnsAlert(string Title, string Body);

/// <summary>What apps need to open the right conversation. Firebase takes only texts.</summary>
internal static class PushData
{
    public static Dictionary<string, string> Of(PushNotice notice)
    {
        var data = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["id"] = notice.Id,
            ["conversation"] = notice.Conversation,
            ["sequence"] = notice.Sequence.ToString(CultureInfo.InvariantCulture),
            ["sentAt"] = notice.SentAt.ToString(CultureInfo.InvariantCulture),
        };
        if (notice.To is { } to)
        {
            data["to"] = to;
        }

        return data;
    }
}
