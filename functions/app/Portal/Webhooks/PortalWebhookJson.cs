using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Portal.Webhooks;

[JsonSerializable(typeof(PortalBeforeSend))]
internal sealed partial class PortalWebhookJson : JsonSerializerContext
{
    public static PortalWebhookJson Wire { get; } = new(WireFormat.NewOptions());
}
