using Vox.Chat.Protection;

namespace Vox.Chat.ServerApi;

/// <summary>
/// Answers that are kept for idempotency keys name users and have their texts: an erasure in the project empties them all.
/// </summary>
internal sealed class IdempotencyErasure(IdempotencyStore store, TimeProvider time) : IErasureStep
{
    public async Task ErasingAsync(string projectId, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        await store.EmptyAnswersAsync(projectId, today.AddDays(-1), cancellationToken);
        await store.EmptyAnswersAsync(projectId, today, cancellationToken);
    }

    /// <summary>Runs again when no request from before the erasure can be under way.</summary>
    public Task EraseUserAsync(string projectId, string loginId, string pseudonym, CancellationToken cancellationToken) =>
        ErasingAsync(projectId, cancellationToken);

    /// <summary>The table is among those of the project.</summary>
    public Task EraseProjectAsync(string projectId, CancellationToken cancellationToken) => Task.CompletedTask;
}
