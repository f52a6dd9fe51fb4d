namespace Vox.Chat.Users;

/// <summary>What a feature has to remove with a user. May run more than once for the same user.</summary>
public interface IUserRemovalStep
{
    Task RemoveAsync(User user, CancellationToken cancellationToken);
}

/// <summary>What a feature does when a user was created. Must not fail or delay the creation.</summary>
public interface IUserCreationStep
{
    void Created(User user);
}

/// <summary>
/// Deletes a user and all that belongs to it. The row is marked first, and the user is gone for everybody from then on; the rest is
/// done step by step, each of which can be repeated, so a deletion that was cut off is finished by the next one who looks.
/// </summary>
public sealed class UserRemoval(UserStore store, IEnumerable<IUserRemovalStep> steps, TimeProvider time)
{
    public async Task RemoveAsync(User user, CancellationToken cancellationToken)
    {
        await store.BeginDeletionAsync(user, cancellationToken);
        while (user.DeletedAt is null)
        {
            if (await store.TryReplaceAsync(user with { DeletedAt = time.GetUtcNow() }, cancellationToken))
            {
                break;
            }

            var current = await store.FindAsync(user.ProjectId, user.LoginId, cancellationToken);
            if (current?.Uid != user.Uid)
            {
                return;
            }

            user = current;
        }

        await FinishAsync(user, cancellationToken);
    }

    public async Task FinishAsync(User user, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await step.RemoveAsync(user, cancellationToken);
        }

        await store.RemoveAsync(user, cancellationToken);
        await store.EndDeletionAsync(user, cancellationToken);
    }

    /// <summary>Finishes deletions that were cut off; run by a timer.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (var (projectId, loginId) in await store.PendingDeletionsAsync(1_000, cancellationToken))
        {
            // Marked, but not yet deleted: somebody is between the two steps right now, or never got to the second.
            // Then the user still exists, and whoever asked for the deletion was not told that it succeeded.
            if (await store.FindAsync(projectId, loginId, cancellationToken) is { DeletedAt: not null } user)
            {
                await FinishAsync(user, cancellationToken);
            }
        }
    }
}
