using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.ServerApi.Users;

[JsonSerializable(typeof(PatchUserRequest))]
[JsonSerializable(typeof(ServerUser))]
[JsonSerializable(typeof(ServerUserPage))]
[JsonSerializable(typeof(UpsertUsersRequest))]
[JsonSerializable(typeof(UpsertUsersResponse))]
internal sealed partial class ServerUserJson : JsonSerializerContext
{
    public static ServerUserJson Wire { get; } = new(WireFormat.NewOptions());
}
