using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.Push;

/// <summary>Push messages. Section <c>Push</c>.</summary>
public sealed class PushOptions
{
    public const string Section = "Push";

    /// <summary>The setting with the queue's name. The host's trigger reads it too, so it has no section.</summary>
    public const string QueueSetting = "PushQueue";

    public const string DefaultQueue = "vox-push";

    /// <summary>
    /// How long after a message its push messages are sent, in seconds: who reads it meanwhile gets none. 0–60, default 3.
    /// </summary>
    [Range(0, 60)]
    public int DelaySeconds { get; set; } = 3;

    /// <summary>
    /// The pause after the first attempt that failed, in seconds; each further one is four times as long. 0–60, default 5.
    /// </summary>
    [Range(0, 60)]
    public int RetrySeconds { get; set; } = 5;

    /// <summary>
    /// Whom the push services of browsers can reach when something is wrong: an address that begins with <c>mailto:</c> or <c>https:</c>.
    /// </summary>
    [Required]
    [RegularExpression("(mailto:|https:).+")]
    public string Contact { get; set; } = "mailto:push@example.com";

    /// <summary>Firebase Cloud Messaging. Another one only for tests.</summary>
    [Required]
    [Url]
    public string FcmUrl { get; set; } = "https://fcm.googleapis.com";

    /// <summary>Where Google gives access tokens. Another one only for tests.</summary>
    [Required]
    [Url]
    public string GoogleTokenUrl { get; set; } = "https://oauth2.googleapis.com/token";

    /// <summary>Apple's service. Another one only for tests.</summary>
    [Required]
    [Url]
    public string ApnsUrl { get; set; } = "https://api.push.apple.com";

    /// <summary>Apple's service for apps that are being developed. Another one only for tests.</summary>
    [Required]
    [Url]
    public string ApnsSandboxUrl { get; set; } = "https://api.sandbox.push.apple.com";
}
