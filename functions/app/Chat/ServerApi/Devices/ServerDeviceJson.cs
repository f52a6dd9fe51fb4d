using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Devices;

[JsonSerializable(typeof(ServerDeviceList))]
internal sealed partial class ServerDeviceJson : JsonSerializerContext
{
    public static ServerDeviceJson Wire { get; } = new(WireFormat.NewOptions());
}
