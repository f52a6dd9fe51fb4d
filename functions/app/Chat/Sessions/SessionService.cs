using Vox.Chat.Model;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Sessions;

/// <summary>A session with the tokens that were just issued for it.</summary>
public sealed record IssuedSession(Session Session, string AccessToken, string RefreshToken);

/// <summary>Log-in, refresh with rotation and reuse detection, logout.</summary>
public sealed partial class SessionService(
    SessionStore store, LiveSessions live, UserService users, AccessTokens tokens, SessionEnding ending, IOptions<SessionOptions> options,
    TimeProvider time, ILogger<SessionService> logger)
{
    /// <exception cref="VoxException">invalid_credentials</exception>
    public async Task<IssuedSession> LogInAsync(
        Project project, string loginId, string password, string device, CancellationToken cancellationToken)
    {
        var user = await users.AuthenticateAsync(project.User(loginId), password, cancellationToken);
        await MakeRoomAsync(user.Key, cancellationToken);

        var now = time.GetUtcNow();
        var secret = RefreshToken.NewSecret();
        var session = new Session(
            project.Id, user.LoginId, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)), user.Uid, RefreshToken.Hash(secret),
            null, now, now, now + options.Value.RefreshLifetime, device, default);
        await store.AddAsync(session, cancellationToken);
        return await IssueAsync(session, secret, cancellationToken);
    }

    /// <summary>
    /// Exchanges a refresh token for a new pair of tokens. The old one stays valid briefly, in case the answer gets lost.
    /// </summary>
    /// <exception cref="VoxException">invalid_refresh_token, refresh_token_reused, logged_out_everywhere</exception>
    public async Task<IssuedSession> RefreshAsync(string? refreshToken, CancellationToken cancellationToken)
    {
        var token = RefreshToken.Parse(refreshToken) ?? throw Invalid();
        while (true)
        {
            var now = time.GetUtcNow();
            var session = await store.FindAsync(new(token.ProjectId, token.LoginId), token.SessionId, cancellationToken) ?? throw Invalid();
            if (session.ExpiresAt <= now)
            {
                await live.EndAsync(session, cancellationToken);
                throw Invalid();
            }

            if (session.LoggedOut)
            {
                throw RefreshToken.Matches(token.Secret, session.Secret) || RefreshToken.Matches(token.Secret, session.PreviousSecret)
                    ? new VoxException(
                        Errors.LoggedOutEverywhere, "The user has logged out on all devices: log in again, with the password.",
                        "refreshToken")
                    : Invalid();
            }

            if (!RefreshToken.Matches(token.Secret, session.Secret))
            {
                if (!RefreshToken.Matches(token.Secret, session.PreviousSecret))
                {
                    throw Invalid();
                }

                if (now - session.RotatedAt > options.Value.RefreshGrace)
                {
                    // Two clients hold the same token, and one of them should not.
                    await live.EndAsync(session, cancellationToken);
                    Reused(session.ProjectId, session.Id);
                    throw new VoxException(
                        Errors.RefreshTokenReused, "This refresh token was used before: the session has ended, log in again.",
                        "refreshToken");
                }
            }

            var secret = RefreshToken.NewSecret();
            var rotated = session with
            {
                // The presented token stays the previous one. Otherwise a second lost answer would look like theft.
                PreviousSecret = RefreshToken.Hash(token.Secret),
                Secret = RefreshToken.Hash(secret),
                RotatedAt = now,
                ExpiresAt = now + options.Value.RefreshLifetime,
            };
            if (await store.TryReplaceAsync(rotated, cancellationToken))
            {
                return await IssueAsync(rotated, secret, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Ends this session, or all sessions of the user. Their access tokens end too; other processes notice within
    /// <see cref="SessionOptions.CacheSeconds"/> (half a minute by default).
    /// </summary>
    public async Task LogOutAsync(AccessClaims claims, bool everywhere, CancellationToken cancellationToken)
    {
        if (!everywhere)
        {
            await live.EndAsync(claims.Key, claims.SessionId, cancellationToken);
            return;
        }

        await ending.LogOutEverywhereAsync(claims.Key, cancellationToken);
    }

    private async Task MakeRoomAsync(UserKey user, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var sessions = await store.ListAsync(user, cancellationToken);
        var ordered = sessions.Where(session => session.ExpiresAt > now).OrderByDescending(session => session.RotatedAt)
            .ToLookup(session => session.LoggedOut);
        var surplus = ordered[false].Skip(options.Value.MaxPerUser - 1).Concat(ordered[true].Skip(options.Value.MaxPerUser));
        foreach (var session in sessions.Where(session => session.ExpiresAt <= now).Concat(surplus))
        {
            await live.EndAsync(session, cancellationToken);
        }
    }

    private async Task<IssuedSession> IssueAsync(Session session, string secret, CancellationToken cancellationToken)
    {
        live.Began(session);
        var refresh = new RefreshToken(session.Id, session.ProjectId, session.LoginId, secret);
        return new IssuedSession(session, await tokens.CreateAsync(session, cancellationToken), refresh.ToString());
    }

    private static VoxException Invalid() =>
        new(Errors.InvalidRefreshToken, "The refresh token is not valid or has expired: log in again.", "refreshToken");

    [LoggerMessage(4000, LogLevel.Warning, "A refresh token of project {Project} was used twice: session {Session} has ended")]
    private partial void Reused(string project, string session);
}
