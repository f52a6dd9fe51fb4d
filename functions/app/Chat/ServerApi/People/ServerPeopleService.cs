using Vox.Chat.ApiKeys;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.ServerApi.People;

/// <summary>Who is online and on which devices, for customers' servers.</summary>
public sealed class ServerPeopleService(
    UserService users, PersonStore people, PresenceStore presence, SessionStore sessions, SessionEnding ending, ServerActions actions,
    TimeProvider time)
{
    private const int MaxIds = 100;

    /// <exception cref="VoxException">missing_field, too_long</exception>
    internal async Task<ServerPresenceList> PresenceAsync(
        Project project, ServerPresenceRequest request, CancellationToken cancellationToken)
    {
        if (request.Ids is not { Count: > 0 } given || given.Any(string.IsNullOrEmpty))
        {
            throw new VoxException(Errors.MissingField, "ids is missing or empty, or has an empty id.", "ids");
        }

        if (given.Count > MaxIds)
        {
            throw new VoxException(Errors.TooLong, $"ids may have at most {MaxIds} ids: send the others in further calls.", "ids");
        }

        var ids = given.Distinct(StringComparer.Ordinal).ToList();
        var byId = await users.FindManyRecentAsync(project, ids, cancellationToken);
        var found = ids.Where(byId.ContainsKey).Select(id => byId[id].Identity).Distinct().ToList();
        var seen = people.ReadManyAsync(found, cancellationToken);
        var online = await presence.OnlineSinceManyAsync(found, cancellationToken);
        var known = await seen;
        return new ServerPresenceList(
        [
            .. found.Select(user => online.TryGetValue(user, out var since)
                ? new ServerPresence(user.LoginId, Online: true, Time(since))
                : new ServerPresence(user.LoginId, Online: false, Time(known[user].LastSeen))),
        ]);
    }

    /// <exception cref="VoxException">user_not_found</exception>
    internal async Task<ServerSessionList> SessionsAsync(Project project, string userId, CancellationToken cancellationToken)
    {
        var user = await FindAsync(project, userId, cancellationToken);
        var now = time.GetUtcNow();
        var all = await sessions.ListAsync(user.Identity, cancellationToken);
        return new ServerSessionList(
        [
            .. all.Where(session => !session.LoggedOut && session.ExpiresAt > now && session.BelongsTo(user, now)
                    && !(session.CreatedAt < project.TokensFrom))
                .OrderByDescending(session => session.CreatedAt).ThenBy(session => session.Id, StringComparer.Ordinal)
                .Select(session => new ServerSession(
                    session.Id, session.Device, session.CreatedAt, session.RotatedAt, session.ExpiresAt)),
        ]);
    }

    /// <summary>Ends a session: the device is cut off.</summary>
    /// <exception cref="VoxException">user_not_found, not_found</exception>
    internal async Task EndSessionAsync(ServerCaller caller, string userId, string sessionId, CancellationToken cancellationToken)
    {
        var user = await FindAsync(caller.Project, userId, cancellationToken);
        var mine = (await sessions.ListAsync(user.Identity, cancellationToken)).Find(session => session.Id == sessionId)
            ?? throw new VoxException(Errors.NotFound, "The user has no such session.", "sessionId");
        await ending.EndAsync(user.Identity, mine.Id, cancellationToken);
        await actions.DoneAsync(caller, "user.session_ended", user.LoginId, cancellationToken);
    }

    private async Task<User> FindAsync(Project project, string userId, CancellationToken cancellationToken) =>
        await users.FindNowAsync(project, userId, cancellationToken)
        ?? throw new VoxException(Errors.UserNotFound, "There is no user with this id in the project.", "userId");

    private static DateTimeOffset? Time(long at) => at > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}
