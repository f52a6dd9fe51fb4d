using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Conversations.Groups;

[JsonSerializable(typeof(CreateGroupRequest))]
[JsonSerializable(typeof(GroupEvent))]
[JsonSerializable(typeof(GroupIdsRequest))]
[JsonSerializable(typeof(GroupMemberPage))]
[JsonSerializable(typeof(GroupPage))]
[JsonSerializable(typeof(GroupView))]
[JsonSerializable(typeof(MembersChanged))]
[JsonSerializable(typeof(UpdateGroupRequest))]
internal sealed partial class GroupJson : JsonSerializerContext
{
    public static GroupJson Wire { get; } = new(WireFormat.NewOptions());
}
