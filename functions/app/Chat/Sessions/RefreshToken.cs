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
    private const int RandomBytes = 32;
    private const int ProofBytes = 16;

    /// <summary>What a session's secrets are made from, base64url. Never leaves the server.</summary>
    public static string NewSeed() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>A new secret of the session. It carries a proof that we made it, so that an old one is told from a guess.</summary>
    public static string NewSecret(string seed)
    {
        var random = RandomNumberGenerator.GetBytes(RandomBytes);
        return Base64Url.EncodeToString([.. random, .. Proof(random, seed)]);
    }

    /// <summary>Whether the secret was once made for the session, although it is not its newest.</summary>
    public static bool WasIssued(string secret, string? seed)
    {
        Span<byte> bytes = stackalloc byte[RandomBytes + ProofBytes];
        return seed is not null
            && Base64Url.IsValid(secret, out var length) && length == bytes.Length
            && Base64Url.TryDecodeFromChars(secret, bytes, out _)
            && CryptographicOperations.FixedTimeEquals(bytes[RandomBytes..], Proof(bytes[..RandomBytes], seed));
    }

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

    private static ReadOnlySpan<byte> Proof(ReadOnlySpan<byte> random, string seed) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(seed), random).AsSpan(0, ProofBytes);

    private static bool IsName(string text) =>
        text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
