using System.Globalization;
using Vox.Chat.ApiKeys;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.ServerApi.Tokens;

/// <summary>Gives customers' servers tokens with which their users log in, and takes them back.</summary>
public sealed class ServerTokenService(
    UserService users, LoginTokens tokens, ProjectService projects, SessionEnding ending, IEnumerable<IServerActionStep> steps,
    TimeProvider time)
{
    private const int MinSeconds = 60;
    private const int MaxSeconds = 86_400;
    private const int DefaultSeconds = 3_600;

    /// <exception cref="VoxException">invalid_field, user_not_found, user_disabled, missing_scope</exception>
    internal async Task<MintedToken> MintAsync(
        ServerCaller caller, string id, MintTokenRequest request, CancellationToken cancellationToken)
    {
        if (request.LifetimeSeconds is < MinSeconds or > MaxSeconds)
        {
            throw new VoxException(
                Errors.InvalidField, $"lifetimeSeconds must be from {MinSeconds} to {MaxSeconds:N0}.", "lifetimeSeconds");
        }

        var user = await users.FindNowAsync(caller.Project, id, cancellationToken)
            ?? (request.CreateUser ? await CreateAsync(caller, id, cancellationToken) : throw NoUser());
        if (user.IsShutOut(time.GetUtcNow()))
        {
            throw new VoxException(
                Errors.UserDisabled, "The user is disabled or banned: enable them, or lift the ban, before they log in.", "id");
        }

        var lifetime = TimeSpan.FromSeconds(request.LifetimeSeconds ?? DefaultSeconds);
        var (token, expires) = await tokens.CreateAsync(user, lifetime, request.SingleDevice, cancellationToken);
        return new MintedToken(token, user.LoginId, expires);
    }

    /// <exception cref="VoxException">invalid_field, user_not_found</exception>
    internal async Task<RevokedTokens> RevokeAsync(
        ServerCaller caller, string id, RevokeTokensRequest request, CancellationToken cancellationToken)
    {
        var before = Before(request);
        var user = await users.RevokeTokensAsync(caller.Project, id, before, cancellationToken) ?? throw NoUser();
        await ending.EndBeforeAsync(user.Identity, before, cancellationToken);
        await DoneAsync(caller, "user.tokens_revoked", $"{user.LoginId}: from before {Text(before)}", cancellationToken);
        return new RevokedTokens(user.TokensFrom ?? before);
    }

    /// <exception cref="VoxException">invalid_field</exception>
    internal async Task<RevokedTokens> RevokeAllAsync(
        ServerCaller caller, RevokeTokensRequest request, CancellationToken cancellationToken)
    {
        var before = Before(request);
        var project = await projects.UpdateAsync(
            caller.Project.Id, project => project.TokensFrom >= before ? project : project with { TokensFrom = before },
            cancellationToken);
        await DoneAsync(caller, "project.tokens_revoked", $"Of all users, from before {Text(before)}", cancellationToken);
        return new RevokedTokens(project.TokensFrom ?? before);
    }

    private async Task<User> CreateAsync(ServerCaller caller, string id, CancellationToken cancellationToken)
    {
        if (!caller.Key.Scopes.Contains(ApiScopes.UsersWrite, StringComparer.Ordinal))
        {
            throw new VoxException(
                Errors.MissingScope, $"To create a user, the API key also needs the scope {ApiScopes.UsersWrite}.", ApiScopes.UsersWrite);
        }

        try
        {
            return await users.CreateWithoutPasswordAsync(caller.Project, id, "id", cancellationToken);
        }
        catch (VoxException e) when (e.Error == Errors.UserExists)
        {
            // Another call has created the user a moment ago.
            return await users.FindNowAsync(caller.Project, id, cancellationToken) ?? throw NoUser();
        }
    }

    private DateTimeOffset Before(RevokeTokensRequest request)
    {
        var now = time.GetUtcNow();
        if (request.Before < DateTimeOffset.UnixEpoch)
        {
            throw new VoxException(Errors.InvalidField, "before must be a time from 1970 on.", "before");
        }

        return request.Before > now
            ? throw new VoxException(Errors.InvalidField, "before may not be in the future.", "before")
            : request.Before is { } given ? given.ToUniversalTime() : now;
    }

    private async Task DoneAsync(ServerCaller caller, string action, string detail, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await step.DoneAsync(caller, action, detail, cancellationToken);
        }
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static VoxException NoUser() => new(Errors.UserNotFound, "There is no user with this id in the project.", "id");
}
