using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Portal.Push;

[JsonSerializable(typeof(PortalPushContentRequest))]
[JsonSerializable(typeof(PortalPushDevices))]
[JsonSerializable(typeof(PortalPushState))]
[JsonSerializable(typeof(PortalPushTestRequest))]
[JsonSerializable(typeof(PortalPushTestResponse))]
internal sealed partial class PortalPushJson : JsonSerializerContext
{
    public static PortalPushJson Wire { get; } = new(WireFormat.NewOptions());
}
