using System.ComponentModel;
using Vox.Chat.Devices;

namespace Vox.Chat.ServerApi.Devices;

/// <summary>A device that gets push messages. Its token is not shown.</summary>
internal sealed record ServerDevice(
    [property: Description("Made from the token or the endpoint: the same device has the same id.")]
    string Id,
    [property: Description("web, fcm or apns.")]
    string Kind,
    [property: Description("The session that it goes with.")]
    string Session,
    [property: Description("Of the texts. Absent when not known.")]
    string? Language,
    [property: Description("What the app calls its version. Absent for nothing.")]
    string? AppVersion,
    [property: Description("When nothing is sent. Absent for never.")]
    QuietHoursView? QuietHours,
    [property: Description("When it registered first.")]
    DateTimeOffset CreatedAt,
    [property: Description("When it registered last.")]
    DateTimeOffset SeenAt)
{
    public static ServerDevice Of(Device device) => new(
        device.Id, DeviceViews.Kind(device.Kind), device.SessionId, DeviceViews.Text(device.Language), DeviceViews.Text(device.AppVersion),
        DeviceViews.Of(device.Quiet), device.CreatedAt, device.SeenAt);
}

internal sealed record ServerDeviceList(
    [property: Description("The one that registered last first. A user has at most 20.")]
    IReadOnlyList<ServerDevice> Devices);
