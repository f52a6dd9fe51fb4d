namespace Vox.Chat.Projects;

/// <summary>Knows who manages a project and may see its files.</summary>
public interface IMediaManagers
{
    /// <param name="managerId">Their id in the portal.</param>
    Task<bool> MaySeeFilesAsync(string projectId, string managerId, CancellationToken cancellationToken);
}
