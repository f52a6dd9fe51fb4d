using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Messages;

/// <summary>A message that the server copies, instead of one that the client writes.</summary>
/// <param name="Conversation">The conversation's id. The caller must see the message there.</param>
public sealed record ForwardRequest(string? Conversation, long Sequence);

/// <summary>What a reply quotes, as it was when the reply was sent.</summary>
/// <param name="Sequence">The quoted message's place in the same conversation.</param>
/// <param name="From">Its author's login id.</param>
/// <param name="Data">
/// At most 200 characters of a text; the key of a file; empty for other types, and when the quoted message was deleted since.
/// </param>
/// <param name="Thumbnail">Storage key of a thumbnail; absent for none.</param>
public sealed record QuoteView(long Sequence, string From, int Type, string Data, string? Thumbnail)
{
    internal static QuoteView? Of(Quote? quote) => quote is null
        ? null
        : new QuoteView(
            quote.Sequence, quote.From, (int)quote.Type, quote.Data, quote.Thumbnail.Length > 0 ? quote.Thumbnail : null);
}

/// <summary>Where a reply is in its thread.</summary>
/// <param name="Sequence">Of the message that the thread begins with, in the same conversation.</param>
/// <param name="Number">
/// 1, 2, 3, …: the thread has at least so many replies. Absent when it is not known, in rare live events.
/// </param>
public sealed record ThreadPlaceView(long Sequence, long? Number = null)
{
    internal static ThreadPlaceView? Of(MessageDraft draft) =>
        draft.Thread == 0 ? null : new ThreadPlaceView(draft.Thread, draft.ThreadNumber > 0 ? draft.ThreadNumber : null);
}

/// <summary>The thread under a message.</summary>
/// <param name="Count">How many replies there were. Those that were deleted keep their places.</param>
/// <param name="LastAt">When the last one was sent, Unix ms.</param>
/// <param name="Users">Login ids of those who replied first, each once, at most five.</param>
public sealed record ThreadView(long Count, long LastAt, IReadOnlyList<string> Users)
{
    internal static ThreadView? Of(ThreadSummary summary) => summary.Count == 0
        ? null
        : new ThreadView(summary.Count, summary.LastAt, [.. summary.Users.Select(user => user.LoginId)]);
}
