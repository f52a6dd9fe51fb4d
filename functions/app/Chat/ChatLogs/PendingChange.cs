using Vox.Chat.Model;

namespace Vox.Chat.ChatLogs;

/// <summary>What features are to be told of: <see cref="PendingEntry"/> or <see cref="PendingChange"/>.</summary>
public interface IPendingNews
{
    ConversationKey Conversation { get; }

    /// <summary>Counts it until all have been told.</summary>
    UnloggedWork.Period Work { get; }
}

/// <summary>A change of a message that is stored, and that features are to be told of.</summary>
public sealed record PendingChange(ConversationKey Conversation, MessageChange Change, UnloggedWork.Period Work) : IPendingNews;
