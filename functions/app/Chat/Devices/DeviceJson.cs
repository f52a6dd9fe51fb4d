using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Devices;

[JsonSerializable(typeof(DeviceList))]
[JsonSerializable(typeof(DeviceRequest))]
[JsonSerializable(typeof(DeviceView))]
internal sealed partial class DeviceJson : JsonSerializerContext
{
    public static DeviceJson Wire { get; } = new(WireFormat.NewOptions());
}
