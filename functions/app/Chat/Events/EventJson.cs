using System.Text.Json;
using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Events;

[JsonSerializable(typeof(UserEventData))]
[JsonSerializable(typeof(UserUpdatedData))]
[JsonSerializable(typeof(ReceiptEventData))]
[JsonSerializable(typeof(GroupEventData))]
[JsonSerializable(typeof(GroupMembersEventData))]
[JsonSerializable(typeof(GroupRolesEventData))]
[JsonSerializable(typeof(FileEventData))]
[JsonSerializable(typeof(FlagEventData))]
[JsonSerializable(typeof(LimitEventData))]
internal sealed partial class EventJson : JsonSerializerContext
{
    public static EventJson Wire { get; } = new(WireFormat.NewOptions());
}
