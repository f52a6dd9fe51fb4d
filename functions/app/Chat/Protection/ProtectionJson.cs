using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Protection;

[JsonSerializable(typeof(ErasurePage))]
[JsonSerializable(typeof(ErasureRequest))]
[JsonSerializable(typeof(HoldList))]
[JsonSerializable(typeof(HoldReason))]
[JsonSerializable(typeof(HoldRequest))]
[JsonSerializable(typeof(ReapplyResponse))]
[JsonSerializable(typeof(RetentionView))]
internal sealed partial class ProtectionJson : JsonSerializerContext
{
    public static ProtectionJson Wire { get; } = new(WireFormat.NewOptions());
}
