using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Chat.Projects;

[JsonSerializable(typeof(ProjectView))]
internal sealed partial class ProjectJson : JsonSerializerContext
{
    public static ProjectJson Wire { get; } = new(WireFormat.NewOptions());
}
