using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Conversations;

[JsonSerializable(typeof(ConversationPage))]
[JsonSerializable(typeof(SyncRequest))]
[JsonSerializable(typeof(SyncResponse))]
internal sealed partial class ConversationJson : JsonSerializerContext
{
    public static ConversationJson Wire { get; } = new(WireFormat.NewOptions());
}
