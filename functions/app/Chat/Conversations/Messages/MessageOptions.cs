using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.Conversations.Messages;

/// <summary>Limits of messages. Section <c>Messages</c>.</summary>
public sealed class MessageOptions
{
    public const string Section = "Messages";

    /// <summary>Longest message in characters (UTF-16). 1–30,000 (a table property holds 32,768), default 16,000.</summary>
    [Range(1, 30_000)]
    public int MaxLength { get; set; } = 16_000;

    /// <summary>Longest client message id in characters. 16–128, default 64.</summary>
    [Range(16, 128)]
    public int MaxIdLength { get; set; } = 64;

    /// <summary>
    /// A user's typing is passed on to a conversation at most once in so many seconds; 0 passes on everything. 0–60, default 1.
    /// </summary>
    [Range(0, 60)]
    public int TypingSeconds { get; set; } = 1;
}
