using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.People;

[JsonSerializable(typeof(ServerPresenceList))]
[JsonSerializable(typeof(ServerPresenceRequest))]
[JsonSerializable(typeof(ServerSessionList))]
internal sealed partial class ServerPeopleJson : JsonSerializerContext
{
    public static ServerPeopleJson Wire { get; } = new(WireFormat.NewOptions());
}
