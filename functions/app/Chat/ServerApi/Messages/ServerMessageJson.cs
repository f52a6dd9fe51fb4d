using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Messages;

[JsonSerializable(typeof(EditServerMessageRequest))]
[JsonSerializable(typeof(ServerConversationPage))]
[JsonSerializable(typeof(ServerMessageChange))]
[JsonSerializable(typeof(ServerMessagePage))]
[JsonSerializable(typeof(ServerMessageVersions))]
[JsonSerializable(typeof(ServerSendRequest))]
internal sealed partial class ServerMessageJson : JsonSerializerContext
{
    public static ServerMessageJson Wire { get; } = new(WireFormat.NewOptions());
}
