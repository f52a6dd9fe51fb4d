using Vox.Chat.Model;
using Vox.Chat.Users;

namespace Vox.Chat.Sessions;

/// <summary>What a feature does when all sessions of a user have ended. May run more than once.</summary>
public interface ISessionsEndedStep
{
    Task EndedAsync(UserKey user, CancellationToken cancellationToken);
}

/// <summary>Ends all sessions of a user and everything that depends on them. This is the only way to throw a user out.</summary>
public sealed class SessionEnding(SessionStore store, LiveSessions live, IEnumerable<ISessionsEndedStep> steps) : IUserRemovalStep
{
    /// <summary>Somebody else ends the sessions. To the devices they are simply gone.</summary>
    public async Task EndAllAsync(UserKey user, CancellationToken cancellationToken)
    {
        foreach (var session in await store.ListAsync(user, cancellationToken))
        {
            await live.EndAsync(session, cancellationToken);
        }

        await TellAsync(user, cancellationToken);
    }

    /// <summary>The user ends the sessions. The devices can learn that the user wanted it.</summary>
    public async Task LogOutEverywhereAsync(UserKey user, CancellationToken cancellationToken)
    {
        foreach (var session in await store.ListAsync(user, cancellationToken))
        {
            await live.LogOutAsync(session, cancellationToken);
        }

        await TellAsync(user, cancellationToken);
    }

    /// <summary>Ends the sessions of a deleted user.</summary>
    public Task RemoveAsync(User user, CancellationToken cancellationToken) => EndAllAsync(user.Key, cancellationToken);

    private async Task TellAsync(UserKey user, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await step.EndedAsync(user, cancellationToken);
        }
    }
}
