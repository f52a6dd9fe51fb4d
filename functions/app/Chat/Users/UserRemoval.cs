using Vox.Chat.Model;

namespace Vox.Chat.Users;

/// <summary>What a feature has to remove with a user. May run more than once for the same user.</summary>
public interface IUserRemovalStep
{
    Task RemoveAsync(User user, CancellationToken cancellationToken);
}

/// <summary>What a feature does when a user was created. It must neither fail nor delay the creation.</summary>
public interface IUserCreationStep
{
    void Created(User user);
}

/// <summary>
/// Deletes a user and everything that belongs to them. First the row is marked: from then on the user is gone for everyone. The rest goes
/// step by step, and each step can be repeated. So the next process that looks finishes a deletion that was cut off.
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

            var current = await store.FindAsync(user.Key, cancellationToken);
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

    /// <summary>Finishes deletions that were cut off. Run by a timer.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (var (projectId, loginId) in await store.PendingDeletionsAsync(1_000, cancellationToken))
        {
            // If the deletion is noted but the user's row is not marked, a request is between these two steps or never got to the second.
            // Then the user still exists, and the request did not report success.
            if (await store.FindAsync(new(projectId, loginId), cancellationToken) is { DeletedAt: not null } user)
            {
                await FinishAsync(user, cancellationToken);
            }
        }
    }
}
