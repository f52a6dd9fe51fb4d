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
