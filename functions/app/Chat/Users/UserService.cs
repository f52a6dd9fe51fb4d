using Vox.Chat.Model;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Vox.Chat.Events;
using Vox.Chat.Projects;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Limits;
using Vox.Platform.Security;
using Vox.Platform.Storage;

namespace Vox.Chat.Users;

/// <summary>Creates and finds users and checks their passwords.</summary>
public sealed class UserService(
    UserStore store,
    UserMeter meter,
    UserRemoval removal,
    IEnumerable<IUserCreationStep> creation,
    LoginIds loginIds,
    PasswordHasher passwords,
    VerifiedCredentials verified,
    RateLimits limits,
    PasswordGuesses guesses,
    IProjectEvents events,
    IOptions<UserOptions> options,
    TimeProvider time)
{
    /// <summary>A hash that no password has. Checking one takes as long as with any other.</summary>
    private const string NoPassword = "";

    private readonly ExpiringCache<string, User> cache = new(100_000, options.Value.Cache, time);

    public Task<User> CreateUserAsync(Project project, string? loginId, string? password, CancellationToken cancellationToken) =>
        CreateUserAsync(project, loginId, password, "username", cancellationToken);

    /// <param name="field">What the request calls the login id.</param>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field, user_exists</exception>
    public async Task<User> CreateUserAsync(
        Project project, string? loginId, string? password, string field, CancellationToken cancellationToken)
    {
        var id = loginIds.CheckNew(loginId, field);
        var hash = await passwords.HashAsync(loginIds.CheckPassword(project, password, "password"), cancellationToken);
        return await AddAsync(project, id, hash, field, cancellationToken);
    }

    /// <summary>A user who cannot log in with a password, but with the tokens of the customer's server.</summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field, user_exists</exception>
    public Task<User> CreateWithoutPasswordAsync(Project project, string? loginId, string field, CancellationToken cancellationToken) =>
        AddAsync(project, loginIds.CheckNew(loginId, field), NoPassword, field, cancellationToken);

    private async Task<User> AddAsync(Project project, string id, string hash, string field, CancellationToken cancellationToken)
    {
        var uid = System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(15));
        var user = new User(project.Id, id, uid, hash, time.GetUtcNow(), null, default);

        await meter.NoteAsync(user, cancellationToken);
        var added = await store.TryAddAsync(user, cancellationToken);
        if (added is null && await store.FindAsync(project.User(id), cancellationToken) is { DeletedAt: not null } leaving)
        {
            // The login id is free again once the former user's deletion is finished.
            await removal.FinishAsync(leaving, cancellationToken);
            added = await store.TryAddAsync(user, cancellationToken);
        }

        if (added is null)
        {
            throw new VoxException(
                Errors.UserExists, "User creation failed: a user with this username exists already in the project.", field);
        }

        foreach (var step in creation)
        {
            await step.CreatedAsync(added);
        }

        return added;
    }

    /// <exception cref="VoxException">user_not_found</exception>
    public async Task DeleteUserAsync(Project project, string? loginId, CancellationToken cancellationToken)
    {
        loginIds.Check(loginId, "username");
        var user = await FindNowAsync(project.User(loginId!), cancellationToken);
        if (user is null or { DeletedAt: not null })
        {
            throw new VoxException(Errors.UserNotFound, "There is no user with this username in the project.", "username");
        }

        Forget(user.Key);
        await removal.RemoveAsync(user, cancellationToken);
    }

    /// <summary>The user as stored now, if the password is right. Costs one storage request, and only once in a while the hash.</summary>
    /// <param name="byServer">The caller has shown the project's auth token: it is the customer's server, and does not guess.</param>
    /// <exception cref="VoxException">invalid_credentials, too_many_requests</exception>
    public async Task<User> AuthenticateAsync(
        UserKey userKey, string password, CancellationToken cancellationToken, bool byServer = false)
    {
        var found = await FindNowAsync(userKey, cancellationToken);
        // Wrong passwords are counted for the user, however their id was written.
        userKey = found?.Key ?? userKey with { LoginId = LoginIds.Canonical(userKey.LoginId) };
        // A user who does not exist costs a hash as well, so that the time does not tell.
        var user = found is { DeletedAt: null } && !found.IsShutOut(time.GetUtcNow()) && password.Length <= options.Value.MaxPasswordLength
            ? found : null;
        var (key, version) = (userKey.Partition, user?.Version.ToString() ?? "");
        var (projectId, loginId) = (userKey.ProjectId, userKey.LoginId);
        if (user is null || !verified.Contains(key, version, password))
        {
            // Not refused after others' wrong passwords, nor waiting behind them: whoever shows something that others cannot know.
            var trusted = byServer || (user is not null && verified.WereRight(key, version, password));
            var line = trusted ? "trusted" : ClientAddress.Current.Network ?? "";
            using var turn = await limits.PasswordTurnAsync(projectId, loginId, line, cancellationToken);
            // The request that had its turn before this one may have verified the same password.
            if (user is null || !verified.Contains(key, version, password))
            {
                user = await CheckPasswordAsync(userKey, user, password, trusted, cancellationToken);
                verified.Add(key, version, password);
            }
        }

        limits.OfUser(projectId, loginId);
        return user;
    }

    /// <param name="user">Null: the password is wrong.</param>
    /// <param name="trusted">Then a wrong password is no guess.</param>
    /// <exception cref="VoxException">invalid_credentials, too_many_requests</exception>
    private async Task<User> CheckPasswordAsync(
        UserKey key, User? user, string password, bool trusted, CancellationToken cancellationToken)
    {
        var client = ClientAddress.Current;
        PasswordGuesses.Guess? guess = null;
        try
        {
            if (!trusted)
            {
                guesses.Check(key.ProjectId, key.LoginId, client);
            }

            Action? begin = trusted ? null : () => guess = guesses.Begin(key.ProjectId, key.LoginId, client);
            if (user is null)
            {
                await passwords.VerifyAsync("-", null, begin, cancellationToken);
            }
            else if (await HasPasswordAsync(user, password, cancellationToken, begin))
            {
                return user;
            }

            if (guess is not null)
            {
                await guess.WrongAsync(cancellationToken);
            }

            throw InvalidCredentials();
        }
        finally
        {
            guess?.Dispose();
        }
    }

    public static VoxException InvalidCredentials() =>
        new(Errors.InvalidCredentials, "The username or the password is wrong.", "username");

    /// <summary>
    /// Whether this is the user's present password, in its canonical form or, as stored before there was one, exactly as typed.
    /// </summary>
    /// <param name="begin">Called before a hash is computed.</param>
    public async Task<bool> HasPasswordAsync(User user, string password, CancellationToken cancellationToken, Action? begin = null)
    {
        var canonical = LoginIds.Canonical(password);
        return await passwords.VerifyAsync(canonical, user.PasswordHash, begin, cancellationToken)
            || (canonical != password && await passwords.VerifyAsync(password, user.PasswordHash, null, cancellationToken));
    }

    /// <summary>Sets a new password, or whether the user may log in.</summary>
    /// <exception cref="VoxException">user_not_found, missing_field, too_long</exception>
    public async Task<User> ChangeAsync(
        Project project, string? loginId, string? newPassword, bool? disabled, CancellationToken cancellationToken)
    {
        loginIds.Check(loginId, "username");
        var hash = newPassword is null
            ? null
            : await passwords.HashAsync(loginIds.CheckPassword(project, newPassword, "password"), cancellationToken);
        while (true)
        {
            if (await FindNowAsync(project.User(loginId!), cancellationToken) is not { DeletedAt: null } user)
            {
                throw new VoxException(Errors.UserNotFound, "There is no user with this username in the project.", "username");
            }

            var changed = user with
            {
                PasswordHash = hash ?? user.PasswordHash,
                SessionVersion = user.SessionVersion + (hash is not null || disabled == true ? 1 : 0),
                DisabledAt = disabled is null ? user.DisabledAt : disabled.Value ? user.DisabledAt ?? time.GetUtcNow() : null,
            };
            if (await store.TryReplaceAsync(changed, cancellationToken))
            {
                Forget(user.Key);
                if (changed.DisabledAt is null != user.DisabledAt is null)
                {
                    await events.TellAsync(
                        project.Id, EventTypes.UserUpdated, time.GetUtcNow(),
                        new UserUpdatedData(user.LoginId, Disabled: changed.DisabledAt is not null), EventJson.Wire.UserUpdatedData,
                        user.Uid, Guid.NewGuid().ToString("N"));
                }

                return changed;
            }
        }
    }

    /// <summary>The user as stored now; null when there is none.</summary>
    public async Task<User?> FindNowAsync(Project project, string loginId, CancellationToken cancellationToken) =>
        await FindNowAsync(project.User(loginId), cancellationToken) is { DeletedAt: null } user ? user : null;

    /// <summary>Whether the user, as they were read, may still have sessions. Costs a storage request.</summary>
    public async Task<bool> IsStillAsync(User user, CancellationToken cancellationToken) =>
        await store.FindAsync(user.Key, cancellationToken) is { DeletedAt: null } now
        && !now.IsShutOut(time.GetUtcNow()) && now.Uid == user.Uid && now.SessionVersion == user.SessionVersion
        && now.TokensFrom == user.TokensFrom && now.MutedUntil == user.MutedUntil;

    /// <summary>From now on, tokens that were issued before a time and sessions that began before it count for nothing.</summary>
    /// <returns>The user as they are now; null when there is none.</returns>
    public Task<User?> RevokeTokensAsync(Project project, string loginId, DateTimeOffset before, CancellationToken cancellationToken) =>
        ChangeAsync(
            project, loginId, user => user.TokensFrom >= before ? user : user with { TokensFrom = before }, cancellationToken);

    /// <summary>Changes a user, in spite of others who change them at the same moment.</summary>
    /// <returns>The user as they are now; null when there is none.</returns>
    public async Task<User?> ChangeAsync(
        Project project, string loginId, Func<User, User> change, CancellationToken cancellationToken)
    {
        while (await FindNowAsync(project, loginId, cancellationToken) is { } user)
        {
            var changed = change(user);
            if (changed == user || await store.TryReplaceAsync(changed, cancellationToken))
            {
                Forget(user.Key);
                return changed;
            }
        }

        return null;
    }

    /// <summary>Drops the cached user, when something shows that it is out of date.</summary>
    public void Forget(UserKey user) => cache.Remove(user.Partition);

    /// <summary>
    /// A user who may have been deleted up to <see cref="UserOptions.CacheSeconds"/> ago (half a minute by default). For recipients,
    /// where the conversation has the last word.
    /// </summary>
    public async ValueTask<User?> FindRecentAsync(UserKey userKey, CancellationToken cancellationToken)
    {
        var key = userKey.Partition;
        if (cache.TryGet(key, out var known))
        {
            return known;
        }

        var user = await FindNowAsync(userKey, cancellationToken);
        if (user is not { DeletedAt: null })
        {
            return null;
        }

        cache.Set(key, user);
        return user;
    }

    /// <summary>The same for many login ids, with few requests where they lie close together. Only those that exist, by login id.</summary>
    public async Task<IReadOnlyDictionary<string, User>> FindManyRecentAsync(
        Project project, IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, User>(StringComparer.Ordinal);
        var unknown = new List<UserKey>();
        foreach (var key in ids.Select(project.User))
        {
            if (cache.TryGet(key.Partition, out var known))
            {
                found[key.LoginId] = known;
            }
            else
            {
                unknown.Add(key);
            }
        }

        // An id that is not written canonically may stand for another one: that is looked up by itself.
        var canonical = unknown.Where(key => loginIds.IsPossible(key.LoginId) && LoginIds.Canonical(key.LoginId) == key.LoginId)
            .OrderBy(key => key.Partition, StringComparer.Ordinal).ToList();
        var (users, read) = await store.FindManyAsync(canonical, cancellationToken);
        foreach (var user in users.Where(user => user.DeletedAt is null))
        {
            cache.Set(user.Key.Partition, user);
            found[user.LoginId] = user;
        }

        var rest = unknown.Except(canonical.Take(read)).ToList();
        foreach (var (id, user) in await ManyRequests.EachAsync(
            rest, async key => (key.LoginId, await FindRecentAsync(key, cancellationToken)), cancellationToken))
        {
            if (user is not null)
            {
                found[id] = user;
            }
        }

        return found;
    }

    /// <summary>
    /// The user with this login id, in its canonical form or, for a user from before there was one, exactly as written. Most ids are
    /// written canonically, and cost one request.
    /// </summary>
    public async Task<User?> FindNowAsync(UserKey userKey, CancellationToken cancellationToken)
    {
        if (!loginIds.IsPossible(userKey.LoginId))
        {
            return null;
        }

        var canonical = LoginIds.Canonical(userKey.LoginId);
        var user = canonical.Length == 0 ? null : await store.FindAsync(userKey with { LoginId = canonical }, cancellationToken);
        return user is null && canonical != userKey.LoginId ? await store.FindAsync(userKey, cancellationToken) : user;
    }
}
