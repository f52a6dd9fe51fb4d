using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Conversations.Changes;

[JsonSerializable(typeof(EditMessageRequest))]
[JsonSerializable(typeof(ReactionRequest))]
[JsonSerializable(typeof(ChangeResponse))]
[JsonSerializable(typeof(ChangeEvent))]
[JsonSerializable(typeof(ChangePage))]
[JsonSerializable(typeof(PinPage))]
[JsonSerializable(typeof(ReactorPage))]
internal sealed partial class ChangeJson : JsonSerializerContext
{
    public static ChangeJson Wire { get; } = new(WireFormat.NewOptions());
}
