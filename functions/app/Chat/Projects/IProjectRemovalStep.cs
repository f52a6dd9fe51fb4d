namespace Vox.Chat.Projects;

/// <summary>What a feature has to remove with a project. Runs more than once for the same project.</summary>
public interface IProjectRemovalStep
{
    Task RemoveAsync(string projectId, CancellationToken cancellationToken);
}
