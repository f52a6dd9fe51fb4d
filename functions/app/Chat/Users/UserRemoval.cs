using Vox.Chat.Holds;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Timers;

namespace Vox.Chat.Users;

/// <summary>
/// What a feature has to remove with a user. Runs more than once for the same user, also when somebody else has the login id by then: it
/// must only touch what belongs to this uid.
/// </summary>
public interface IUserRemovalStep
{
    Task RemoveAsync(User user, CancellationToken cancellationToken);

    /// <summary>Whether something had to stay, because a legal hold covers it. Then the removal is tried again each day.</summary>
    Task<bool> KeepsAsync(User user, CancellationToken cancellationToken) => Task.FromResult(false);
}

/// <summary>What a feature does when a user was created, before that is answered. It must not fail, nor take long.</summary>
public interface IUserCreationStep
{
    Task CreatedAsync(User user);
}

/// <summary>
/// Deletes a user and everything that belongs to them. First the row is marked: from then on the user is gone for everyone. The rest goes
/// step by step, and each step can be repeated. So the next process that looks finishes a deletion that was cut off. Another process may
/// take the user's access token a little longer, because it remembers the session; what it writes meanwhile belongs to the deleted user
/// alone, and a second sweep removes it.
/// </summary>
public sealed class UserRemoval(
    UserStore store, IEnumerable<IUserRemovalStep> steps, HoldStore holds, TimerRuns timers, TimeProvider time)
{
    private static readonly TimeSpan UntilNextTry = TimeSpan.FromDays(1);

    /// <summary>Longer than any process remembers a session (five minutes at most) and than any request takes after that.</summary>
    private static readonly TimeSpan UntilSweep = TimeSpan.FromMinutes(10);

    /// <exception cref="VoxException">on_hold</exception>
    public async Task RemoveAsync(User user, CancellationToken cancellationToken)
    {
        if (await MarkAsync(user, cancellationToken) is { } marked)
        {
            await FinishAsync(marked, cancellationToken);
        }
    }

    /// <summary>From then on the user is gone for everyone.</summary>
    /// <returns>Null when there is no such user any more.</returns>
    /// <exception cref="VoxException">on_hold</exception>
    public async Task<User?> MarkAsync(User user, CancellationToken cancellationToken)
    {
        await holds.CheckUserAsync(user.ProjectId, user.Uid, cancellationToken);
        await store.NoteDeletionAsync(user, null, cancellationToken);
        while (user.DeletedAt is null)
        {
            if (await store.TryReplaceAsync(user with { DeletedAt = time.GetUtcNow() }, cancellationToken))
            {
                return await store.FindAsync(user.Key, cancellationToken) is { } marked && marked.Uid == user.Uid ? marked : null;
            }

            var current = await store.FindAsync(user.Key, cancellationToken);
            if (current?.Uid != user.Uid)
            {
                return null;
            }

            user = current;
        }

        return user;
    }

    public async Task FinishAsync(User user, CancellationToken cancellationToken)
    {
        await RemoveAllAsync(user, cancellationToken);
        await store.NoteDeletionAsync(user, time.GetUtcNow() + UntilSweep, cancellationToken);
        await store.RemoveAsync(user, cancellationToken);
    }

    /// <summary>
    /// Finishes deletions that were cut off, and sweeps after those that are old enough. Run by a timer.
    /// </summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("ResumeUserDeletions", cancellationToken);
        await run.EachAsync(
            store.PendingDeletionsAsync(time.GetUtcNow(), cancellationToken),
            deletion => $"{deletion.User.ProjectId}|{deletion.User.Uid}",
            ResumeAsync);
    }

    private async Task ResumeAsync(UserDeletion deletion, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync(deletion.User.Key, cancellationToken);
        var user = found is not null && deletion.User.Is(found.Uid) ? found : null;
        if (user is { DeletedAt: not null })
        {
            await FinishAsync(user, cancellationToken);
        }
        else if (user is null)
        {
            await SweepAsync(deletion, cancellationToken);
        }

        // If the deletion is noted but the user's row is not marked, a request is between these two steps or never got to the second.
        // Then the user still exists, and the request did not report success.
    }

    /// <summary>Removes what was written late, and ends the deletion.</summary>
    /// <returns>False when something stays for now, because of a legal hold.</returns>
    public async Task<bool> SweepAsync(UserDeletion deletion, CancellationToken cancellationToken)
    {
        var former = Former(deletion);
        await RemoveAllAsync(former, cancellationToken);
        foreach (var step in steps)
        {
            if (await step.KeepsAsync(former, cancellationToken))
            {
                await store.NoteDeletionAsync(former, time.GetUtcNow() + UntilNextTry, cancellationToken);
                return false;
            }
        }

        await store.EndDeletionAsync(deletion, cancellationToken);
        return true;
    }

    private async Task RemoveAllAsync(User user, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await step.RemoveAsync(user, cancellationToken);
        }
    }

    private static User Former(UserDeletion deletion) => new(
        deletion.User.ProjectId, deletion.User.LoginId, deletion.User.Uid, "", default, deletion.SweepAt ?? default, default);
}
