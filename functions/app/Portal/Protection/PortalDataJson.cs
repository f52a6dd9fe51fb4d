using System.Text.Json.Serialization;
using Vox.Chat.Exports;
using Vox.Chat.Protection;
using Vox.Platform.Http;

namespace Vox.Portal.Protection;

[JsonSerializable(typeof(ErasurePage))]
[JsonSerializable(typeof(ErasureRequest))]
[JsonSerializable(typeof(ExportLink))]
[JsonSerializable(typeof(ExportList))]
[JsonSerializable(typeof(ExportRequest))]
[JsonSerializable(typeof(HoldList))]
[JsonSerializable(typeof(HoldRequest))]
[JsonSerializable(typeof(RetentionRequest))]
[JsonSerializable(typeof(RetentionView))]
internal sealed partial class PortalDataJson : JsonSerializerContext
{
    public static PortalDataJson Wire { get; } = new(WireFormat.NewOptions());
}
