using Microsoft.Extensions.DependencyInjection;
using Vox.Platform.Storage;

namespace Vox.Chat.Projects;

/// <summary>Removes a project's rows from tables whose partitions begin with <c>pid_…|</c>.</summary>
internal sealed class ProjectTables(StorageClients storage, IReadOnlyList<string> tables) : IProjectRemovalStep
{
    public async Task RemoveAsync(string projectId, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        foreach (var table in tables)
        {
            await storage.ProjectTable(table).DeleteRangeAsync(from, to, cancellationToken);
        }
    }
}

internal static class ProjectTablesRegistration
{
    /// <summary>Registers the feature's tables whose rows are removed with a project.</summary>
    public static IServiceCollection AddProjectTables(this IServiceCollection services, params string[] tables) =>
        services.AddSingleton<IProjectRemovalStep>(provider => new ProjectTables(provider.GetRequiredService<StorageClients>(), tables));
}
