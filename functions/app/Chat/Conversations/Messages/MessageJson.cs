using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Conversations.Messages;

[JsonSerializable(typeof(MessageEvent))]
[JsonSerializable(typeof(MessagePage))]
[JsonSerializable(typeof(SendMessageRequest))]
[JsonSerializable(typeof(SendMessageResponse))]
[JsonSerializable(typeof(TypingEvent))]
internal sealed partial class MessageJson : JsonSerializerContext
{
    public static MessageJson Wire { get; } = new(WireFormat.NewOptions());
}
