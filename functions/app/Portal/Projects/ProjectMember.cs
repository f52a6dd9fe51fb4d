using Vox.Platform.Storage;

namespace Vox.Portal.Projects;

/// <summary>A developer in a project.</summary>
public sealed record ProjectMember(
    string ProjectId, string DeveloperId, string Email, string Name, ProjectRole Role, DateTimeOffset Since, RowVersion Version);
