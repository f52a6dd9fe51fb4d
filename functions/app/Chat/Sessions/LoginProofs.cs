using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Limits;

namespace Vox.Chat.Sessions;

/// <summary>A token that was found good for a log-in.</summary>
/// <param name="User">As stored now.</param>
/// <param name="MadeAt">Null when the token does not say.</param>
/// <param name="ExpiresAt">The session ends then, unless another token takes it further.</param>
/// <param name="SingleDevice">The log-in ends the user's other sessions.</param>
public sealed record LoginProof(User User, DateTimeOffset? MadeAt, DateTimeOffset ExpiresAt, bool SingleDevice);

/// <summary>A kind of token with which users log in.</summary>
public interface ILoginTokenKind
{
    /// <returns>Null for a token of another kind.</returns>
    /// <exception cref="VoxException">invalid_login_token</exception>
    Task<LoginProof?> ReadAsync(Project project, string token, CancellationToken cancellationToken);
}

/// <summary>Reads tokens of every kind, and checks what has to hold for all of them.</summary>
public sealed class LoginProofs(IEnumerable<ILoginTokenKind> kinds, RateLimits limits, TimeProvider time)
{
    /// <param name="loginId">Whom the client expects; null for whomever the token names.</param>
    /// <exception cref="VoxException">invalid_login_token, too_many_requests</exception>
    public async Task<LoginProof> ReadAsync(Project project, string token, string? loginId, CancellationToken cancellationToken)
    {
        foreach (var kind in kinds)
        {
            if (await kind.ReadAsync(project, token, cancellationToken) is { } proof)
            {
                return Check(project, proof, loginId);
            }
        }

        throw LoginTokens.Invalid();
    }

    private LoginProof Check(Project project, LoginProof proof, string? loginId)
    {
        var user = proof.User;
        if (loginId is { Length: > 0 } expected && expected != user.LoginId && LoginIds.Canonical(expected) != user.LoginId)
        {
            throw new VoxException(Errors.InvalidLoginToken, "The token is another user's: leave loginId out, or use theirs.", "loginId");
        }

        // A token that does not say when it was made may be one of those that were revoked.
        var from = user.TokensFrom > project.TokensFrom ? user.TokensFrom : project.TokensFrom ?? user.TokensFrom;
        if (user.IsShutOut(time.GetUtcNow()) || (from is not null && !(proof.MadeAt >= from)))
        {
            throw LoginTokens.Invalid();
        }

        limits.OfUser(project.Id, user.LoginId);
        return proof;
    }
}
