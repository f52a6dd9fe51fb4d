using System.Text.RegularExpressions;

namespace Vox.SignalREmulation;

/// <summary>Limits of the real service, so that what passes locally passes in the cloud.</summary>
internal static partial class SignalRLimits
{
    public const int MaxBodyBytes = 1024 * 1024;
    public const int MaxHeaderBytes = 16 * 1024;
    public const int MaxTokenLength = 4096;
    public const int MaxGroupNameLength = 1024;
    public const int MaxStoredGroupsPerUser = 100;

    public static readonly TimeSpan StoredGroupLifetime = TimeSpan.FromDays(365);
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan ClientTimeout = TimeSpan.FromSeconds(30);

    public static bool IsHubName(string name) => HubName().IsMatch(name);

    public static bool IsGroupName(string name) => name.Length <= MaxGroupNameLength && !string.IsNullOrWhiteSpace(name);

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_`,.\[\]]{0,127}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HubName();
}
