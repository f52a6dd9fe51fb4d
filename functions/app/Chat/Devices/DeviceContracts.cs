using System.ComponentModel;
using System.Globalization;

namespace Vox.Chat.Devices;

/// <summary><c>POST /api/v1/devices</c></summary>
internal sealed record DeviceRequest(
    [property: Description("web, fcm or apns.")]
    string? Kind = null,
    [property: Description("With fcm and apns: what the platform gave the app. At most 4,096 characters.")]
    string? Token = null,
    [property: Description("With web: the subscription, as PushSubscription.toJSON() gives it.")]
    WebSubscription? Subscription = null,
    [property: Description("Of the texts of push messages: a tag such as de-AT. At most 35 characters.")]
    string? Language = null,
    [property: Description("What the app calls its version. At most 64 characters.")]
    string? AppVersion = null,
    [property: Description("With apns: whether the app was built for Apple's sandbox. Default false.")]
    bool? Sandbox = null,
    [property: Description("When nothing is to be sent. Absent for never.")]
    QuietHoursView? QuietHours = null);

internal sealed record WebSubscription(
    [property: Description("The address of the browser's push service: https, at most 2,000 characters.")]
    string? Endpoint = null,
    WebSubscriptionKeys? Keys = null);

internal sealed record WebSubscriptionKeys(
    [property: Description("The browser's public key: an uncompressed point on P-256, base64url.")]
    string? P256dh = null,
    [property: Description("16 bytes, base64url.")]
    string? Auth = null);

public sealed record QuietHoursView(
    [property: Description("The first minute: 22:00.")]
    string? From = null,
    [property: Description("The minute at which it is over: 07:00. Earlier than from: on the next day.")]
    string? To = null,
    [property: Description("An IANA time zone: Europe/Vienna.")]
    string? TimeZone = null);

/// <param name="CreatedAt">Unix ms.</param>
/// <param name="SeenAt">When it last registered, Unix ms.</param>
/// <param name="Current">It belongs to the session that asks.</param>
internal sealed record DeviceView(
    [property: Description("Made from the token or the endpoint: the same device has the same id.")]
    string Id,
    [property: Description("web, fcm or apns.")]
    string Kind,
    [property: Description("Of the texts of push messages. Absent when not known.")]
    string? Language,
    [property: Description("What the app calls its version. Absent for nothing.")]
    string? AppVersion,
    [property: Description("The app was built for Apple's sandbox. Absent otherwise.")]
    bool? Sandbox,
    [property: Description("When nothing is sent. Absent for never.")]
    QuietHoursView? QuietHours,
    long CreatedAt,
    long SeenAt,
    bool Current)
{
    public static DeviceView Of(Device device, string sessionId) => new(
        device.Id, DeviceViews.Kind(device.Kind), DeviceViews.Text(device.Language), DeviceViews.Text(device.AppVersion),
        device.Sandbox ? true : null, DeviceViews.Of(device.Quiet), device.CreatedAt.ToUnixTimeMilliseconds(),
        device.SeenAt.ToUnixTimeMilliseconds(), device.SessionId == sessionId);
}

/// <param name="Devices">The one that registered last first. A user has at most 20, so this is all of them.</param>
internal sealed record DeviceList(IReadOnlyList<DeviceView> Devices);

/// <summary>A device in the archive with a user's data: everything that is stored, but for the secret of a subscription.</summary>
public sealed record ExportedDevice(
    string Id, string Kind, string Address, string? Language, string? AppVersion, QuietHoursView? QuietHours, DateTimeOffset CreatedAt,
    DateTimeOffset SeenAt)
{
    public static ExportedDevice Of(Device device) => new(
        device.Id, DeviceViews.Kind(device.Kind), device.Address, DeviceViews.Text(device.Language), DeviceViews.Text(device.AppVersion),
        DeviceViews.Of(device.Quiet), device.CreatedAt, device.SeenAt);
}

/// <summary>Parts of devices as they are shown.</summary>
internal static class DeviceViews
{
    public static string Kind(DeviceKind kind) => kind.ToString().ToLowerInvariant();

    public static string? Text(string text) => text.Length > 0 ? text : null;

    public static QuietHoursView? Of(QuietHours? quiet) =>
        quiet is null ? null : new QuietHoursView(Time(quiet.From), Time(quiet.To), quiet.TimeZone);

    private static string Time(int minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:D2}:{minutes % 60:D2}");
}
