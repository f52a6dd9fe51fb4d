namespace Vox.Platform.Security;

/// <summary>The key that signs access tokens. Section <c>Sessions</c>, like the other settings of log-ins.</summary>
public sealed class SigningKeyOptions
{
    public const string Section = "Sessions";

    /// <summary>
    /// Key that signs access tokens, base64, 32 bytes or more. Default: none; then keys are generated and kept in storage, and a new one
    /// takes over every 60 days.
    /// </summary>
    public string? SigningKey { get; set; }

    internal bool IsStrong()
    {
        var buffer = new byte[1_024];
        return SigningKey is not { Length: > 0 } key || (Convert.TryFromBase64String(key, buffer, out var bytes) && bytes >= 32);
    }
}
