using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Messages;

/// <summary>Finds a message that somebody wants to forward: only one that they see themselves.</summary>
public sealed class ForwardReader(ConversationStore store, GroupReader groups)
{
    /// <exception cref="VoxException">missing_field, message_not_found, message_deleted, not_a_member, group_not_found</exception>
    internal async Task<Message> FindAsync(
        string projectId, Sender sender, ForwardRequest forward, CancellationToken cancellationToken)
    {
        if (forward.Conversation is not { Length: > 0 } id)
        {
            throw new VoxException(
                Errors.MissingField, "forward must name the conversation and the sequence of a message.", "forward.conversation");
        }

        var key = ConversationKey.IsId(id) ? new ConversationKey(projectId, id) : throw NotFound();
        if (forward.Sequence <= 0 || !await SeesAsync(key, sender, forward.Sequence, cancellationToken)
            || await store.ReadRangeAsync(key, forward.Sequence, forward.Sequence, cancellationToken) is not [var message])
        {
            throw NotFound();
        }

        return message.IsGone
            ? throw new VoxException(Errors.MessageDeleted, "The message that forward names was deleted.", "forward")
            : message;
    }

    private async Task<bool> SeesAsync(ConversationKey key, Sender sender, long sequence, CancellationToken cancellationToken)
    {
        if (!key.IsGroup)
        {
            return await store.ReadMarksAsync(key, cancellationToken) is { } view && view.Head.IndexOf(sender.Uid) >= 0
                && view.MarkOf(sender.Uid).State.Sees(sequence);
        }

        try
        {
            return (await groups.GetWindowAsync(sender, key, cancellationToken, orEnded: true)).Sees(sequence);
        }
        catch (VoxException e) when (e.Error == Errors.NotAMember || e.Error == Errors.GroupNotFound)
        {
            return false;
        }
    }

    private static VoxException NotFound() =>
        new(Errors.MessageNotFound, "You see no message with this sequence in the conversation that forward names.", "forward");
}
