using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Vox.Chat.Sessions;

/// <summary>
/// A refresh token. It names its session and proves it with a secret that changes at each use.
/// <c>{session}.{project}.{login id, base64url}.{secret}</c>, opaque to clients.
/// </summary>
internal sealed record RefreshToken(string SessionId, string ProjectId, string LoginId, string Secret)
{
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    // The secret has 256 random bits and cannot be guessed, so a plain hash is enough.
    public static string Hash(string secret) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static bool Matches(string secret, string? hash) =>
        hash is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Hash(secret)), Encoding.UTF8.GetBytes(hash));

    public static RefreshToken? Parse(string? text)
    {
        if (text is not { Length: < 1_024 }
            || text.Split('.') is not [{ Length: 22 } session, var project, var login, { Length: > 0 } secret])
        {
            return null;
        }

        try
        {
            var loginId = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(login));
            return IsName(session) && IsName(project) ? new RefreshToken(session, project, loginId, secret) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public override string ToString() =>
        $"{SessionId}.{ProjectId}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(LoginId))}.{Secret}";

    private static bool IsName(string text) =>
        text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
