using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Sessions;

/// <summary>
/// Tokens with which users log in, made here when a customer's server asks for them: see <see cref="SignedClaims"/>. They are kept nowhere.
/// </summary>
public sealed class LoginTokens(SignedClaims signed, UserService users, TimeProvider time) : ILoginTokenKind
{
    private const string Issuer = "vox-login";
    private const int IdLength = 22;

    public async Task<(string Token, DateTimeOffset ExpiresAt)> CreateAsync(
        User user, TimeSpan lifetime, bool singleDevice, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // Tokens have whole seconds: what we answer must be what it says.
        var expires = DateTimeOffset.FromUnixTimeSeconds((now + lifetime).ToUnixTimeSeconds());
        var claims = new AccessClaims(user.ProjectId, user.LoginId, user.Uid, RandomIds.Create(IdLength), expires)
        {
            MadeAt = now,
            SingleDevice = singleDevice,
        };
        return (await signed.CreateAsync(Issuer, claims, cancellationToken), expires);
    }

    public async Task<LoginProof?> ReadAsync(Project project, string token, CancellationToken cancellationToken)
    {
        if (!signed.IsOf(Issuer, token))
        {
            return null;
        }

        if (await signed.ReadAsync(Issuer, token, cancellationToken) is not { } claims || claims.ProjectId != project.Id
            || await users.FindNowAsync(project, claims.LoginId, cancellationToken) is not { } user || user.Uid != claims.Uid)
        {
            throw Invalid();
        }

        return new LoginProof(user, claims.MadeAt, claims.ExpiresAt, claims.SingleDevice);
    }

    internal static VoxException Invalid() => new(
        Errors.InvalidLoginToken, "The token is wrong, has expired or was revoked: get a new one from your server.", "token");
}
