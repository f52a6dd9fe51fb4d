using System.Security.Cryptography;
using System.Text;
using Vox.Chat.Model;

namespace Vox.Chat.ApiKeys;

/// <summary>
/// An API key as servers send it: <c>vox_sk_{project}_{key}_{secret}</c>. It names its project and its row, so that finding it takes one
/// look-up, and proves itself by the secret. The beginning lets tools find keys that somebody has published by mistake.
/// </summary>
internal sealed record ApiKeyText(string ProjectId, string KeyId, string Text)
{
    public const string Prefix = "vox_sk_";

    private const string ProjectPrefix = "pid_";
    private const int KeyIdLength = 10;
    private const int SecretLength = 43;

    /// <summary>The longest project id is 64 characters long.</summary>
    private const int MaxLength = 150;

    public string LastFour => Text[^4..];

    // The secret has 256 random bits and cannot be guessed, so a plain hash is enough.
    public string Hash => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    public static string NewKeyId() => RandomIds.Create(KeyIdLength);

    public static ApiKeyText Create(string projectId, string keyId) =>
        new(projectId, keyId, $"{Prefix}{projectId[ProjectPrefix.Length..]}_{keyId}_{RandomIds.Create(SecretLength)}");

    /// <returns>Null for a text that cannot be a key: it costs no look-up.</returns>
    public static ApiKeyText? Parse(string text)
    {
        if (text.Length > MaxLength || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || !text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            return null;
        }

        // From the end, because the project's part has underscores of its own.
        var parts = text.Split('_');
        return parts is [_, _, _, .., { Length: KeyIdLength } keyId, { Length: SecretLength }]
            ? new(ProjectPrefix + string.Join('_', parts[2..^2]), keyId, text)
            : null;
    }

    /// <param name="hash">As stored; null matches nothing.</param>
    public bool Matches(string? hash) => hash is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Hash), Encoding.UTF8.GetBytes(hash));
}
