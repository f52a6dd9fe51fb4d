namespace Vox.Chat.Projects;

/// <summary>
/// Deletes a project and all that belongs to it. The project's row is marked first and the project is gone for everybody from then on;
/// the rest can be repeated, so a timer finishes what was cut off. It sweeps once more after a while: a process that still remembered
/// the project may have written something meanwhile. What it was charged, what was paid and who did what stays.
/// </summary>
public sealed class ProjectRemoval(
    ProjectService projects, ProjectStore store, IEnumerable<IProjectRemovalStep> steps, ProjectDeletionStore deletions, TimeProvider time)
{
    private static readonly TimeSpan Afterglow = TimeSpan.FromMinutes(10);

    /// <summary>Marks the project; what is left is done by <see cref="ResumeAsync"/>, which a timer runs every minute.</summary>
    public async Task BeginAsync(string projectId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await deletions.BeginAsync(projectId, now, cancellationToken);
        await projects.UpdateAsync(projectId, project => project with { DeletedAt = now }, cancellationToken);
    }

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (var (projectId, begun) in await deletions.PendingAsync(cancellationToken))
        {
            // Not marked: whoever began it never got further, and was not told that it succeeded.
            if (await store.FindAsync(projectId, cancellationToken) is { DeletedAt: null })
            {
                continue;
            }

            foreach (var step in steps)
            {
                await step.RemoveAsync(projectId, cancellationToken);
            }

            if (time.GetUtcNow() - begun > Afterglow)
            {
                await store.RemoveAsync(projectId, cancellationToken);
                await deletions.EndAsync(projectId, cancellationToken);
            }
        }
    }
}
