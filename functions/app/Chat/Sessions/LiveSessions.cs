using Vox.Chat.Model;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.Caching;

namespace Vox.Chat.Sessions;

/// <summary>What each request needs to know of a session.</summary>
/// <param name="CreatedAt">When it began.</param>
/// <param name="MutedUntil">See <see cref="Session.MutedUntil"/>.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct LiveSession(DateTimeOffset CreatedAt, DateTimeOffset? MutedUntil);

/// <summary>
/// Which sessions exist. The answer is cached briefly, so that a busy client costs a storage request only once in a while.
/// </summary>
public sealed class LiveSessions(
    SessionStore store, UserStore users, ProjectService projects, IOptions<SessionOptions> options, TimeProvider time)
{
    private readonly ExpiringCache<string, LiveSession?> alive = new(100_000, options.Value.Cache, time);

    /// <returns>Null when there is no such session.</returns>
    public async ValueTask<LiveSession?> FindAsync(AccessClaims claims, CancellationToken cancellationToken)
    {
        var key = CacheKey(claims.Key, claims.SessionId);
        if (alive.TryGet(key, out var known))
        {
            return known;
        }

        var session = await store.FindAsync(claims.Key, claims.SessionId, cancellationToken);
        var began = session is { LoggedOut: false } && session.Uid == claims.Uid && !(session.Until <= time.GetUtcNow())
            ? new LiveSession(session.CreatedAt, session.MutedUntil)
            : (LiveSession?)null;
        alive.Set(key, began);
        return began;
    }

    /// <summary>The same as stored now, and whether the user may still have the session: two requests.</summary>
    public async Task<bool> ContainsNowAsync(UserIdentity user, string sessionId, CancellationToken cancellationToken)
    {
        var reading = users.FindAsync(user.Key, cancellationToken);
        var session = await store.FindAsync(user.Key, sessionId, cancellationToken);
        var now = await reading;
        return session is { LoggedOut: false } && user.Is(session.Uid) && session.BelongsTo(now, time.GetUtcNow())
            && !(session.Until <= time.GetUtcNow())
            && !(session.CreatedAt < (await projects.FindAsync(user.ProjectId, cancellationToken))?.TokensFrom);
    }

    public void Began(Session session) =>
        alive.Set(CacheKey(session.Key, session.Id), new LiveSession(session.CreatedAt, session.MutedUntil));

    /// <summary>
    /// Copies to the user's sessions until when they are muted. Other processes notice within <see cref="SessionOptions.CacheSeconds"/>.
    /// </summary>
    public async Task MuteAsync(UserIdentity user, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        foreach (var session in await store.ListAsync(user, cancellationToken))
        {
            for (var current = session; current is not null && current.MutedUntil != until;)
            {
                if (await store.TryReplaceAsync(current with { MutedUntil = until }, cancellationToken))
                {
                    break;
                }

                current = await store.FindAsync(user.Key, session.Id, cancellationToken);
            }

            alive.Remove(CacheKey(user.Key, session.Id));
        }
    }

    public async Task EndAsync(UserKey user, string sessionId, CancellationToken cancellationToken)
    {
        await store.RemoveAsync(user, sessionId, cancellationToken);
        alive.Set(CacheKey(user, sessionId), null);
    }

    /// <summary>Like <see cref="EndAsync"/>, but the device can learn that the user wanted it.</summary>
    public async Task LogOutAsync(Session session, CancellationToken cancellationToken)
    {
        for (var current = session; current is { LoggedOut: false };)
        {
            if (await store.TryReplaceAsync(current with { LoggedOut = true }, cancellationToken))
            {
                break;
            }

            current = await store.FindAsync(session.Key, session.Id, cancellationToken);
        }

        alive.Set(CacheKey(session.Key, session.Id), null);
    }

    private static string CacheKey(UserKey user, string sessionId) =>
        $"{user.Partition}|{sessionId}";
}
