using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Messages;

/// <summary>Tells a reader which reactions on a page are their own.</summary>
public sealed class OwnReactions(ChangeStore store)
{
    /// <summary>
    /// Costs nothing unless a message has more reactions than its row has marks for: then one request for the whole page.
    /// </summary>
    public async Task<IReadOnlyList<MessageEvent>> ShowAsync(
        ConversationKey key, string uid, IReadOnlyList<Message> messages, Func<Message, MessageEvent> show,
        CancellationToken cancellationToken)
    {
        var unsure = messages.Where(message => message.State.Reactions.Any(reaction => !reaction.HasAll && !reaction.IsBy(uid)))
            .Select(message => message.Sequence).ToList();
        var own = unsure.Count > 0 ? await store.ReadOwnReactionsAsync(key, uid, unsure.Min(), unsure.Max(), cancellationToken) : [];
        return
        [
            .. messages.Select(message => message.State.Reactions.Count == 0 ? show(message) : show(message) with
            {
                Reactions = ReactionView.Of(
                    message.State.Reactions,
                    reaction => reaction.IsBy(uid) || own.Contains((message.Sequence, reaction.Emoji))),
            }),
        ];
    }

    /// <inheritdoc cref="ShowAsync(ConversationKey, string, IReadOnlyList{Message}, Func{Message, MessageEvent}, CancellationToken)"/>
    public Task<IReadOnlyList<MessageEvent>> ShowAsync(
        ConversationKey key, string uid, IReadOnlyList<Message> messages, CancellationToken cancellationToken) =>
        ShowAsync(key, uid, messages, message => MessageEvent.Of(key.Id, message), cancellationToken);
}
