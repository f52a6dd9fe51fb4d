using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Groups;

[JsonSerializable(typeof(CreateServerGroupRequest))]
[JsonSerializable(typeof(PatchServerGroupRequest))]
[JsonSerializable(typeof(ServerGroup))]
[JsonSerializable(typeof(ServerGroupMemberPage))]
[JsonSerializable(typeof(ServerGroupPage))]
[JsonSerializable(typeof(ServerMemberIds))]
[JsonSerializable(typeof(ServerMemberRole))]
[JsonSerializable(typeof(ServerMembersChanged))]
internal sealed partial class ServerGroupJson : JsonSerializerContext
{
    public static ServerGroupJson Wire { get; } = new(WireFormat.NewOptions());
}
