using System.ComponentModel.DataAnnotations;

namespace Vox.Chat.Conversations.Storage;

/// <summary>How conversations are written. Section <c>Conversations</c>.</summary>
public sealed class ConversationOptions
{
    public const string Section = "Conversations";

    /// <summary>Messages of one conversation that may wait in this process. Above it, sends answer 503. 49–10,000, default 1,000.</summary>
    [Range(49, 10_000)]
    public int MaxWaiting { get; set; } = 1_000;

    /// <summary>How long a send is retried while other processes write to the same conversation, in seconds. 1–120, default 30.</summary>
    [Range(1, 120)]
    public int CommitSeconds { get; set; } = 30;

    internal TimeSpan CommitPatience => TimeSpan.FromSeconds(CommitSeconds);

    /// <summary>Conversations whose heads are kept in memory. 100–1,000,000, default 20,000.</summary>
    [Range(100, 1_000_000)]
    public int MaxOpen { get; set; } = 20_000;
}
