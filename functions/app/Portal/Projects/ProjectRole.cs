using System.Text.Json.Serialization;

namespace Vox.Portal.Projects;

[JsonConverter(typeof(JsonStringEnumConverter<ProjectRole>))]
public enum ProjectRole
{
    [JsonStringEnumMemberName("viewer")]
    Viewer = 1,

    [JsonStringEnumMemberName("admin")]
    Admin = 2,

    [JsonStringEnumMemberName("owner")]
    Owner = 3,
}
