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
    SessionStore store, LiveSessions live, UserService users, UserStore userRows, AccessTokens tokens, SessionEnding ending,
    IEnumerable<ITokenReusedStep> reused, IOptions<SessionOptions> options, TimeProvider time, ILogger<SessionService> logger)
{
    /// <param name="device">What the client calls itself.</param>
    /// <param name="deviceKey">See <see cref="LoginRequest.DeviceKey"/>.</param>
    /// <exception cref="VoxException">invalid_credentials</exception>
    public async Task<IssuedSession> LogInAsync(
        Project project, string loginId, string password, string device, string? deviceKey, CancellationToken cancellationToken)
    {
        var user = await users.AuthenticateAsync(project.User(loginId), password, cancellationToken);
        return await BeginAsync(user, device, deviceKey, null, cancellationToken);
    }

    /// <summary>Logs in whoever a token names.</summary>
    /// <exception cref="VoxException">invalid_login_token</exception>
    public Task<IssuedSession> LogInAsync(LoginProof proof, string device, string? deviceKey, CancellationToken cancellationToken) =>
        BeginAsync(proof.User, device, deviceKey, proof, cancellationToken);

    private async Task<IssuedSession> BeginAsync(
        User user, string device, string? deviceKey, LoginProof? proof, CancellationToken cancellationToken)
    {
        await MakeRoomAsync(user.Identity, cancellationToken);

        var now = time.GetUtcNow();
        var seed = RefreshToken.NewSeed();
        var secret = RefreshToken.NewSecret(seed);
        var session = new Session(
            user.ProjectId, user.LoginId, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)), user.Uid, RefreshToken.Hash(secret),
            null, now, now, EndOf(now, proof?.ExpiresAt), device, default)
        {
            Until = proof?.ExpiresAt,
            MutedUntil = user.MutedUntil,
            Single = proof is { SingleDevice: true },
            UserVersion = user.SessionVersion,
            Seed = seed,
            DeviceKey = HashOf(deviceKey),
        };
        await store.AddAsync(session, cancellationToken);

        // Deleting a user, disabling them or setting their password changes their row first and ends their sessions then. So either this
        // look sees the change, or the session above was there to be ended.
        if (!await users.IsStillAsync(user, cancellationToken))
        {
            await ending.EndAsync(user.Identity, session.Id, CancellationToken.None);
            throw proof is null ? UserService.InvalidCredentials() : LoginTokens.Invalid();
        }

        if (session.Single)
        {
            await EndOthersAsync(session);
        }

        return await IssueAsync(session, secret, cancellationToken);
    }

    /// <summary>
    /// Exchanges a refresh token for a new pair of tokens. The old one stays valid briefly on the same device, in case the answer got lost.
    /// Anybody else who presents an old one ends the session: two clients hold the same token, and one of them should not.
    /// </summary>
    /// <param name="deviceKey">See <see cref="LoginRequest.DeviceKey"/>.</param>
    /// <param name="from">Sessions that began before are over; null for none.</param>
    /// <param name="proof">A new token, with which the session goes on.</param>
    /// <exception cref="VoxException">
    /// invalid_refresh_token, refresh_token_reused, logged_out_everywhere, invalid_login_token
    /// </exception>
    public async Task<IssuedSession> RefreshAsync(
        string? refreshToken, string? deviceKey, DateTimeOffset? from, LoginProof? proof, CancellationToken cancellationToken)
    {
        var token = RefreshToken.Parse(refreshToken) ?? throw Invalid();
        var key = new UserKey(token.ProjectId, token.LoginId);
        while (true)
        {
            var now = time.GetUtcNow();
            var reading = userRows.FindAsync(key, cancellationToken);
            var session = await store.FindAsync(key, token.SessionId, cancellationToken);
            var user = await reading;
            if (session is null)
            {
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

            if (session.ExpiresAt <= now || session.CreatedAt < from || !session.BelongsTo(user, now))
            {
                await ending.EndAsync(session.Identity, session.Id, cancellationToken);
                throw Invalid();
            }

            if (!RefreshToken.Matches(token.Secret, session.Secret) && !IsRepeated(token, session, deviceKey, now))
            {
                throw RefreshToken.Matches(token.Secret, session.PreviousSecret) || RefreshToken.WasIssued(token.Secret, session.Seed)
                    ? await EndReusedAsync(session, cancellationToken)
                    : Invalid();
            }

            if (proof is not null && proof.User.Uid != session.Uid)
            {
                throw LoginTokens.Invalid();
            }

            var until = session.Until is null ? null : proof?.ExpiresAt ?? session.Until;
            var seed = session.Seed ?? RefreshToken.NewSeed();
            var secret = RefreshToken.NewSecret(seed);
            var rotated = session with
            {
                // The presented token stays the previous one. Otherwise a second lost answer would look like theft.
                PreviousSecret = RefreshToken.Hash(token.Secret),
                Secret = RefreshToken.Hash(secret),
                RotatedAt = now,
                ExpiresAt = EndOf(now, until),
                Until = until,
                MutedUntil = user!.MutedUntil,
                Seed = seed,
                DeviceKey = HashOf(deviceKey) ?? session.DeviceKey,
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
            await ending.EndAsync(claims.Identity, claims.SessionId, cancellationToken);
            return;
        }

        await ending.LogOutEverywhereAsync(claims.Identity, cancellationToken);
    }

    /// <summary>
    /// Ends the sessions from before this one. Of two such log-ins at the same moment, the later one stays: whichever is stored last finds
    /// the other.
    /// </summary>
    /// <exception cref="VoxException">invalid_login_token: this one is not the later one</exception>
    private async Task EndOthersAsync(Session session)
    {
        var others = (await store.ListAsync(session.Identity, CancellationToken.None)).FindAll(other => other.Id != session.Id);
        var over = others.Exists(other => other.Single && !IsBefore(other, session));
        foreach (var id in others.Where(other => IsBefore(other, session)).Select(other => other.Id).Concat(over ? [session.Id] : []))
        {
            await ending.EndAsync(session.Identity, id, CancellationToken.None);
        }

        if (over)
        {
            throw LoginTokens.Invalid();
        }
    }

    private DateTimeOffset EndOf(DateTimeOffset now, DateTimeOffset? until) =>
        until < now + options.Value.RefreshLifetime ? until.Value : now + options.Value.RefreshLifetime;

    private static bool IsBefore(Session one, Session other) => one.CreatedAt == other.CreatedAt
        ? string.CompareOrdinal(one.Id, other.Id) < 0
        : one.CreatedAt < other.CreatedAt;

    private async Task MakeRoomAsync(UserIdentity user, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var sessions = await store.ListAsync(user, cancellationToken);
        var ordered = sessions.Where(session => session.ExpiresAt > now).OrderByDescending(session => session.RotatedAt)
            .ToLookup(session => session.LoggedOut);

        // Only a live session can have connections to be closed, which takes a call to the service.
        foreach (var session in sessions.Where(session => session.ExpiresAt <= now).Concat(ordered[true].Skip(options.Value.MaxPerUser)))
        {
            await live.EndAsync(user.Key, session.Id, cancellationToken);
        }

        foreach (var session in ordered[false].Skip(options.Value.MaxPerUser - 1))
        {
            await ending.EndAsync(user, session.Id, cancellationToken);
        }
    }

    /// <summary>The same device presents the token before the newest: it did not get the answer with the newest.</summary>
    private bool IsRepeated(RefreshToken token, Session session, string? deviceKey, DateTimeOffset now) =>
        RefreshToken.Matches(token.Secret, session.PreviousSecret) && now - session.RotatedAt <= options.Value.RefreshGrace
        && deviceKey is not null && RefreshToken.Matches(deviceKey, session.DeviceKey);

    private async Task<VoxException> EndReusedAsync(Session session, CancellationToken cancellationToken)
    {
        await ending.EndAsync(session.Identity, session.Id, cancellationToken);
        Reused(session.ProjectId, session.Id);
        foreach (var step in reused)
        {
            await step.ReusedAsync(session, cancellationToken);
        }

        return new VoxException(
            Errors.RefreshTokenReused, "This refresh token was used before: the session has ended, log in again.", "refreshToken");
    }

    private static string? HashOf(string? deviceKey) => deviceKey is null ? null : RefreshToken.Hash(deviceKey);

    private async Task<IssuedSession> IssueAsync(Session session, string secret, CancellationToken cancellationToken)
    {
        if (!session.Single)
        {
            // A later log-in may have ended a single session already, and that must not be forgotten.
            live.Began(session);
        }

        var refresh = new RefreshToken(session.Id, session.ProjectId, session.LoginId, secret);
        return new IssuedSession(session, await tokens.CreateAsync(session, cancellationToken), refresh.ToString());
    }

    private static VoxException Invalid() =>
        new(Errors.InvalidRefreshToken, "The refresh token is not valid or has expired: log in again.", "refreshToken");

    [LoggerMessage(4000, LogLevel.Warning, "A refresh token of project {Project} was used twice: session {Session} has ended")]
    private partial void Reused(string project, string session);
}
