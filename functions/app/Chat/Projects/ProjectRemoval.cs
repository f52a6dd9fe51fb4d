using Vox.Chat.Holds;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Timers;

namespace Vox.Chat.Projects;

/// <summary>
/// Deletes a project and everything that belongs to it. First the project's row is marked: from then on the project is gone for everyone.
/// The rest can be repeated, so a timer finishes what was cut off. The timer sweeps once more after a while, because a process that still
/// remembered the project may have written something meanwhile. Charges, payments and the record of who did what stay.
/// </summary>
public sealed class ProjectRemoval(
    ProjectService projects, ProjectStore store, IEnumerable<IProjectRemovalStep> steps, ProjectDeletionStore deletions, HoldStore holds,
    TimerRuns timers, TimeProvider time)
{
    private static readonly TimeSpan Afterglow = TimeSpan.FromMinutes(10);

    /// <summary>Marks the project. A timer runs <see cref="ResumeAsync"/> every minute and does the rest.</summary>
    /// <exception cref="VoxException">on_hold</exception>
    public async Task BeginAsync(string projectId, CancellationToken cancellationToken)
    {
        await holds.CheckProjectAsync(projectId, cancellationToken);
        var now = time.GetUtcNow();
        await deletions.BeginAsync(projectId, now, cancellationToken);
        await projects.UpdateAsync(projectId, project => project with { DeletedAt = now }, cancellationToken);
    }

    /// <summary>Goes on with all deletions. Run by a timer.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("ResumeProjectDeletions", cancellationToken);
        await run.EachAsync(
            deletions.PendingAsync(cancellationToken),
            pending => pending.ProjectId,
            (pending, token) => ResumeAsync(pending.ProjectId, pending.At, token));
    }

    private async Task ResumeAsync(string projectId, DateTimeOffset begun, CancellationToken cancellationToken)
    {
        // Not marked: the request got no further and did not report success.
        if (await store.FindAsync(projectId, cancellationToken) is { DeletedAt: null })
        {
            return;
        }

        // An operator may have set a hold since.
        if (!(await holds.ReadAsync(projectId, cancellationToken)).IsEmpty)
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
