using System.Text.Json.Serialization;
using Vox.Chat.Exports;
using Vox.Chat.Protection;
using Vox.Platform.Http;

namespace Vox.Operations.Protection;

[JsonSerializable(typeof(ErasurePage))]
[JsonSerializable(typeof(ErasureRequest))]
[JsonSerializable(typeof(ExportLink))]
[JsonSerializable(typeof(ExportList))]
[JsonSerializable(typeof(ExportRequest))]
[JsonSerializable(typeof(HoldList))]
[JsonSerializable(typeof(HoldRequest))]
[JsonSerializable(typeof(ReapplyResponse))]
[JsonSerializable(typeof(RetentionRequest))]
[JsonSerializable(typeof(RetentionView))]
internal sealed partial class OperatorDataJson : JsonSerializerContext
{
    public static OperatorDataJson Wire { get; } = new(WireFormat.NewOptions());
}
