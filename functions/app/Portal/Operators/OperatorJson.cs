using System.Text.Json.Serialization;
using Vox.Platform.Http;
using Vox.Portal.Projects;

namespace Vox.Portal.Operators;

[JsonSerializable(typeof(InviteRequest))]
[JsonSerializable(typeof(NewProjectRequest))]
[JsonSerializable(typeof(OperatorInvitation))]
[JsonSerializable(typeof(OperatorProjectDetails))]
[JsonSerializable(typeof(OperatorProjectPage))]
[JsonSerializable(typeof(ProjectKeys))]
[JsonSerializable(typeof(RotateTokenRequest))]
internal sealed partial class OperatorJson : JsonSerializerContext
{
    public static OperatorJson Wire { get; } = new(WireFormat.NewOptions());
}
