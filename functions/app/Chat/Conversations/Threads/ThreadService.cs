using Vox.Chat.Conversations.Changes;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Sessions;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Threads;

/// <summary>Pages of threads. A reply is a message of its conversation as well, and comes, syncs and counts with it.</summary>
public sealed class ThreadService(ChangeReader reader, ThreadStore threads, ChangeStore messages, OwnReactions reactions)
{
    public const int MaxPage = 1_000;

    /// <summary>
    /// Three requests: what the caller sees of the conversation; the replies; and them with the message itself. More where they lie far
    /// from each other.
    /// </summary>
    /// <param name="before">Only replies with lower sequences; 0 for the newest.</param>
    /// <exception cref="VoxException">not_found, message_not_found, group_not_found, not_a_member</exception>
    public async Task<ThreadPage> ReadAsync(
        Caller caller, NamedMessage named, int before, int size, CancellationToken cancellationToken)
    {
        var thread = ChangeService.Sequence(named.Sequence);
        var seen = await reader.SeeAsync(caller, named.Conversation, cancellationToken);
        if (!seen.Sees(thread))
        {
            throw NoMessage();
        }

        var last = before > 0 ? Math.Min(before - 1, seen.Last) : seen.Last;
        var page = last <= thread
            ? []
            : await threads.ReadAsync(seen.Key, thread, Math.Min(last + 1, Keys.MaxSequence), size + 1, cancellationToken);
        var shown = page.Take(size).ToList();
        var read = await messages.ReadMessagesAsync(
            seen.Key, shown.Where(seen.Sees).Append(thread), cancellationToken);
        var events = await reactions.ShowAsync(
            seen.Key, caller.Sender.Uid, [.. read.OrderByDescending(message => message.Sequence)], cancellationToken);
        return events is [.., var first] && first.Sequence == thread
            ? new ThreadPage(seen.Key.Id, first, [.. events.SkipLast(1)], page.Count > size ? shown[^1] : null)
            : throw NoMessage();
    }

    private static VoxException NoMessage() =>
        new(Errors.MessageNotFound, "There is no message with this sequence in the conversation.", "sequence");
}
