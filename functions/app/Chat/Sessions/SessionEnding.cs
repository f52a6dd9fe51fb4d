using Vox.Chat.Model;
using Vox.Chat.Users;

namespace Vox.Chat.Sessions;

/// <summary>What a feature does when sessions have ended. May run more than once.</summary>
public interface ISessionsEndedStep
{
    /// <summary>One session has ended.</summary>
    Task EndedAsync(UserIdentity user, string sessionId, CancellationToken cancellationToken);

    /// <summary>All sessions of the user have ended.</summary>
    Task AllEndedAsync(UserIdentity user, CancellationToken cancellationToken);
}

/// <summary>Ends sessions and everything that depends on them. This is the only way to throw a user out.</summary>
public sealed class SessionEnding(SessionStore store, LiveSessions live, IEnumerable<ISessionsEndedStep> steps) : IUserRemovalStep
{
    public async Task EndAsync(UserIdentity user, string sessionId, CancellationToken cancellationToken)
    {
        await live.EndAsync(user.Key, sessionId, cancellationToken);
        foreach (var step in steps)
        {
            await step.EndedAsync(user, sessionId, cancellationToken);
        }
    }

    /// <summary>Somebody else ends the sessions. To the devices they are simply gone.</summary>
    public async Task EndAllAsync(UserIdentity user, CancellationToken cancellationToken)
    {
        foreach (var session in await store.ListAsync(user, cancellationToken))
        {
            await live.EndAsync(user.Key, session.Id, cancellationToken);
        }

        await TellAsync(user, cancellationToken);
    }

    /// <summary>Somebody else ends the sessions that began before a time.</summary>
    /// <returns>How many.</returns>
    public async Task<int> EndBeforeAsync(UserIdentity user, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var old = (await store.ListAsync(user, cancellationToken)).FindAll(session => session.CreatedAt < before);
        foreach (var session in old)
        {
            await EndAsync(user, session.Id, cancellationToken);
        }

        return old.Count;
    }

    /// <summary>The user ends the sessions. The devices can learn that the user wanted it.</summary>
    public async Task LogOutEverywhereAsync(UserIdentity user, CancellationToken cancellationToken)
    {
        foreach (var session in await store.ListAsync(user, cancellationToken))
        {
            await live.LogOutAsync(session, cancellationToken);
        }

        await TellAsync(user, cancellationToken);
    }

    /// <summary>Ends the sessions of a deleted user.</summary>
    public Task RemoveAsync(User user, CancellationToken cancellationToken) => EndAllAsync(user.Identity, cancellationToken);

    private async Task TellAsync(UserIdentity user, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await step.AllEndedAsync(user, cancellationToken);
        }
    }
}
