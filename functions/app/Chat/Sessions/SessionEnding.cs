using Vox.Chat.Users;

namespace Vox.Chat.Sessions;

/// <summary>What a feature has to do when all sessions of a user have ended. May run more than once.</summary>
public interface ISessionsEndedStep
{
    Task EndedAsync(string projectId, string loginId, CancellationToken cancellationToken);
}

/// <summary>Ends all sessions of a user and what hangs on them: the only way to throw a user out.</summary>
public sealed class SessionEnding(SessionStore store, LiveSessions live, IEnumerable<ISessionsEndedStep> steps) : IUserRemovalStep
{
    /// <summary>By somebody else: for the devices the sessions are gone.</summary>
    public async Task EndAllAsync(string projectId, string loginId, CancellationToken cancellationToken)
    {
        foreach (var session in await store.ListAsync(projectId, loginId, cancellationToken))
        {
            await live.EndAsync(session, cancellationToken);
        }

        await TellAsync(projectId, loginId, cancellationToken);
    }

    /// <summary>By the user: the devices can learn that it was the user's wish.</summary>
    public async Task LogOutEverywhereAsync(string projectId, string loginId, CancellationToken cancellationToken)
    {
        foreach (var session in await store.ListAsync(projectId, loginId, cancellationToken))
        {
            await live.LogOutAsync(session, cancellationToken);
        }

        await TellAsync(projectId, loginId, cancellationToken);
    }

    /// <summary>A deleted user.</summary>
    public Task RemoveAsync(User user, CancellationToken cancellationToken) => EndAllAsync(user.ProjectId, user.LoginId, cancellationToken);

    private async Task TellAsync(string projectId, string loginId, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await step.EndedAsync(projectId, loginId, cancellationToken);
        }
    }
}
