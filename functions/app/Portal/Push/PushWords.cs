using Vox.Chat.Devices;
using Vox.Chat.Push;

namespace Vox.Portal.Push;

/// <summary>Says in plain words what a push service has answered, and what to do about it.</summary>
internal static class PushWords
{
    public static string Explain(DeviceKind kind, PushResult result) => result.Outcome == PushOutcome.Sent
        ? $"{Service(kind)} has taken it. It shows when the device can be reached."
        : Explain(kind, result.Reason, result.Outcome == PushOutcome.Gone);

    /// <param name="reason">The service's own word, see <see cref="PushResult"/>.</param>
    /// <param name="gone">The device was removed because of it.</param>
    public static string Explain(DeviceKind kind, string reason, bool gone = false) => gone
        ? $"{Service(kind)} does not know this device any more, so it was removed. It registers again when the user opens the app."
        : Known(kind, reason) ?? (reason.StartsWith('5')
            ? $"{Service(kind)} has a failure of its own: nothing is wrong here. It is tried again."
            : $"{Service(kind)} refused it with “{reason}”. Its documentation says what this means.");

    private static string? Known(DeviceKind kind, string reason) => (kind, reason) switch
    {
        (DeviceKind.Apns, "no_key") => "No key for Apple is stored that can be used: upload a .p8. Nothing is sent with a certificate.",
        (_, "no_key") => "No service account is stored: upload its JSON file. Nothing is sent with a server key.",
        (_, "unreachable") => $"{Service(kind)} could not be reached in time. It is tried again.",
        (_, "429" or "QUOTA_EXCEEDED" or "TooManyRequests") => $"{Service(kind)} wants fewer messages for now. It is tried again later.",

        (DeviceKind.Web, "400" or "401" or "403") =>
            $"{Service(kind)} did not accept our proof of who sends: the setting Push__Contact must be an address that exists.",
        (DeviceKind.Web, "413") => "The message is too large for the browser's push service.",

        (DeviceKind.Fcm, "invalid_grant" or "invalid_client") =>
            "Google does not accept the service account: it, or this key of it, was deleted. Make a new key and upload it.",
        (DeviceKind.Fcm, "token") => "Google could not give an access token just now. It is tried again.",
        (DeviceKind.Fcm, "PERMISSION_DENIED") =>
            "The service account may not send: give it the role “Firebase Cloud Messaging API Admin”, and enable that API in its project.",
        (DeviceKind.Fcm, "UNAUTHENTICATED") => "Google did not accept the access token. A new one is got for the next attempt.",
        (DeviceKind.Fcm, "INVALID_ARGUMENT") =>
            "Firebase does not take the device's token: the app must register with a token of Firebase.",
        (DeviceKind.Fcm, "THIRD_PARTY_AUTH_ERROR") =>
            "The device is one of Apple's or a browser, and Firebase has no good key for it: add the key in the Firebase console.",
        (DeviceKind.Fcm, "NOT_FOUND") => "Firebase does not know the service account's project: check that it was not deleted.",

        (DeviceKind.Apns, "InvalidProviderToken" or "MissingProviderToken") =>
            "Apple does not accept the key: key id and team id must be those of the .p8, and the key must not be revoked.",
        (DeviceKind.Apns, "BadEnvironmentKeyInToken" or "BadEnvironmentKeyIdInToken") =>
            "The key is for the other of Apple's two environments: make one for both, or register the device with the right “sandbox”.",
        (DeviceKind.Apns, "TopicDisallowed" or "BadTopic") =>
            "The key may not send to this app: the bundle id must be the app's, and the app of the same team.",
        (DeviceKind.Apns, "ExpiredProviderToken" or "TooManyProviderTokenUpdates") =>
            "Apple wants another proof of the key, or not so many. It is tried again later.",
        (DeviceKind.Apns, "PayloadTooLarge") => "The message is too large for Apple.",
        _ => null,
    };

    private static string Service(DeviceKind kind) => kind switch
    {
        DeviceKind.Fcm => "Firebase",
        DeviceKind.Apns => "Apple",
        _ => "The browser's push service",
    };
}
