using Vox.Chat.Model;

namespace Vox.Chat.Devices;

/// <summary>Which service reaches a device.</summary>
public enum DeviceKind
{
    /// <summary>Web Push: a browser.</summary>
    Web,

    /// <summary>Firebase Cloud Messaging: mostly Android.</summary>
    Fcm,

    /// <summary>The Apple Push Notification service.</summary>
    Apns,
}

/// <summary>A device of a user that push messages can be sent to. It belongs to a session and goes with it.</summary>
/// <param name="Id">Made from the kind and the address: the same device is stored once.</param>
/// <param name="Address">The token, or the endpoint of a subscription.</param>
/// <param name="Key">Only of a subscription: its public key, base64url.</param>
/// <param name="Secret">Only of a subscription: its authentication secret, base64url.</param>
/// <param name="Language">Of the texts: such as <c>de-AT</c>; empty when not known.</param>
/// <param name="AppVersion">What the app calls its version; nothing depends on it.</param>
/// <param name="Sandbox">Only with APNs: the app was built for Apple's sandbox.</param>
/// <param name="Quiet">When nothing is sent. Null for never.</param>
/// <param name="SeenAt">When the device last registered.</param>
public sealed record Device(
    UserIdentity User, string Id, string SessionId, DeviceKind Kind, string Address, string Key, string Secret, string Language,
    string AppVersion, bool Sandbox, QuietHours? Quiet, DateTimeOffset CreatedAt, DateTimeOffset SeenAt);

/// <summary>A time of each day at which the user wants no push messages.</summary>
/// <param name="From">Minutes after midnight; the first that is quiet.</param>
/// <param name="To">Minutes after midnight; the first that is not. Earlier than <paramref name="From"/>: it goes on past midnight.</param>
/// <param name="TimeZone">IANA: <c>Europe/Vienna</c>.</param>
public sealed record QuietHours(int From, int To, string TimeZone)
{
    public bool Covers(DateTimeOffset now)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone))
        {
            // An instance that does not know the zone: rather one message too many than none.
            return false;
        }

        var minute = (int)TimeZoneInfo.ConvertTime(now, zone).TimeOfDay.TotalMinutes;
        return From <= To ? minute >= From && minute < To : minute >= From || minute < To;
    }
}
