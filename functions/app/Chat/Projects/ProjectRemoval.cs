using Vox.Platform.Storage;

namespace Vox.Chat.Projects;

/// <summary>
/// Deletes a project and everything that belongs to it. First the project's row is marked: from then on the project is gone for everyone.
/// The rest can be repeated, so a timer finishes what was cut off. The timer sweeps once more after a while, because a process that still
/// remembered the project may have written something meanwhile. Charges, payments and the record of who did what stay.
/// </summary>
public sealed class ProjectRemoval(
    ProjectService projects, ProjectStore store, IEnumerable<IProjectRemovalStep> steps, ProjectDeletionStore deletions, TimeProvider time)
{
    private static readonly TimeSpan Afterglow = TimeSpan.FromMinutes(10);

    /// <summary>Marks the project. A timer runs <see cref="ResumeAsync"/> every minute and does the rest.</summary>
    public async Task BeginAsync(string projectId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await deletions.BeginAsync(projectId, now, cancellationToken);
        await projects.UpdateAsync(projectId, project => project with { DeletedAt = now }, cancellationToken);
    }

    /// <summary>Tries all, also when one fails. The first failure is thrown in the end; the next run tries that project again.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken) =>
        await ManyRequests.EachAsync(
            await deletions.PendingAsync(cancellationToken),
            pending => ResumeAsync(pending.ProjectId, pending.At, cancellationToken),
            cancellationToken);

    private async Task ResumeAsync(string projectId, DateTimeOffset begun, CancellationToken cancellationToken)
    {
        // Not marked: the request got no further and did not report success.
        if (await store.FindAsync(projectId, cancellationToken) is { DeletedAt: null })
        {
            return;
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
