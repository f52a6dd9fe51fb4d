using System.ComponentModel.DataAnnotations;

namespace Vox.Platform.Security;

/// <summary>How passwords and stored secrets are protected. Section <c>Security</c>.</summary>
public sealed class SecurityOptions
{
    public const string Section = "Security";

    /// <summary>
    /// Rounds of PBKDF2-HMAC-SHA512 for new passwords. 1,000–10,000,000, default 210,000 (OWASP Password Storage Cheat Sheet, 2023).
    /// Stored with each hash, so a change applies to passwords set from then on. Go below the default only for tests.
    /// </summary>
    [Range(1_000, 10_000_000)]
    public int PasswordIterations { get; set; } = 210_000;

    /// <summary>
    /// How long after its last use a verified password needs no hash, in seconds; it is remembered in memory only. 0–3,600, default 300.
    /// </summary>
    [Range(0, 3_600)]
    public int CredentialCacheSeconds { get; set; } = 300;

    internal TimeSpan CredentialCache => TimeSpan.FromSeconds(CredentialCacheSeconds);

    /// <summary>
    /// Address of a key (RSA) in Azure Key Vault, without a version. It wraps the keys that encrypt stored secrets, and those that sign
    /// access tokens:
    /// <c>https://example.vault.azure.net/keys/data-protection</c>. Default: none; then they are not wrapped.
    /// </summary>
    public Uri? KeyVaultKey { get; set; }
}
