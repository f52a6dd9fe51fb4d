using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Portal.Projects;

[JsonSerializable(typeof(AcceptedResponse))]
[JsonSerializable(typeof(AcceptRequest))]
[JsonSerializable(typeof(DeleteProjectRequest))]
[JsonSerializable(typeof(InvitationDetails))]
[JsonSerializable(typeof(InvitationList))]
[JsonSerializable(typeof(InvitationRequest))]
[JsonSerializable(typeof(InviteRequest))]
[JsonSerializable(typeof(MemberList))]
[JsonSerializable(typeof(MemberRoleRequest))]
[JsonSerializable(typeof(MyInvitations))]
[JsonSerializable(typeof(ProjectDetails))]
[JsonSerializable(typeof(ProjectKeys))]
[JsonSerializable(typeof(ProjectList))]
[JsonSerializable(typeof(ProjectNameRequest))]
[JsonSerializable(typeof(ProjectSettingsRequest))]
[JsonSerializable(typeof(ReadInvitationRequest))]
[JsonSerializable(typeof(RotateTokenRequest))]
internal sealed partial class PortalProjectJson : JsonSerializerContext
{
    public static PortalProjectJson Wire { get; } = new(WireFormat.NewOptions());
}
