using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Portal.Users;

[JsonSerializable(typeof(AddUserRequest))]
[JsonSerializable(typeof(ImportRequest))]
[JsonSerializable(typeof(ImportResponse))]
[JsonSerializable(typeof(EndSessionsRequest))]
[JsonSerializable(typeof(ManyUsersRequest))]
[JsonSerializable(typeof(ManyUsersResponse))]
[JsonSerializable(typeof(ProjectUserDetails))]
[JsonSerializable(typeof(ProjectUserPage))]
[JsonSerializable(typeof(UserStatusRequest))]
internal sealed partial class PortalUserJson : JsonSerializerContext
{
    public static PortalUserJson Wire { get; } = new(WireFormat.NewOptions());
}
