using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.ChatLogs;

[JsonSerializable(typeof(ChatHistoryResponse))]
internal sealed partial class ChatLogJson : JsonSerializerContext
{
    public static ChatLogJson Wire { get; } = new(WireFormat.NewOptions());
}
