using Vox.Chat.Conversations.Messages;

namespace Vox.Chat.Conversations.Threads;

/// <summary>A page of a thread.</summary>
/// <param name="Message">The message that the thread begins with, as it is now.</param>
/// <param name="Messages">Replies, newest first. Those that the caller has deleted for themselves are left out.</param>
/// <param name="Before">To ask for the next page, as <c>before</c>. Absent when there are no earlier replies.</param>
public sealed record ThreadPage(
    string Conversation, MessageEvent Message, IReadOnlyList<MessageEvent> Messages, long? Before = null);
