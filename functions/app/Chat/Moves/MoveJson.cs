using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Moves;

[JsonSerializable(typeof(MoveRequest))]
[JsonSerializable(typeof(ServicesResponse))]
internal sealed partial class MoveJson : JsonSerializerContext
{
    public static MoveJson Wire { get; } = new(WireFormat.NewOptions());
}
