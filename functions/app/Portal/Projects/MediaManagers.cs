using Vox.Chat.Projects;

namespace Vox.Portal.Projects;

/// <summary>Addresses of files that the portal shows stop working when their developer leaves the project.</summary>
internal sealed class MediaManagers(MemberStore members) : IMediaManagers
{
    public async Task<bool> MaySeeFilesAsync(string projectId, string managerId, CancellationToken cancellationToken) =>
        ProjectAccess.Allows((await members.FindAsync(projectId, managerId, cancellationToken))?.Role, ProjectAction.ReadMessages);
}
