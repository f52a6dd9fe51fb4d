using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Changes;

/// <summary>What a reader sees of a conversation: sequences from <paramref name="First"/> to <paramref name="Last"/>.</summary>
public sealed record SeenConversation(ConversationKey Key, ConversationHead Head, long First, long Last)
{
    /// <summary>What the reader has set for themselves.</summary>
    public PersonalState State { get; init; } = PersonalState.None;

    public bool Sees(long sequence) => sequence >= First && sequence <= Last && State.Sees(sequence);
}

/// <summary>Messages that have changed.</summary>
/// <param name="Through">Changes up to this number are covered.</param>
/// <param name="Reset">The client is too far behind, or before a restore.</param>
public sealed record ChangedMessages(IReadOnlyList<MessageEvent> Messages, long Through, bool Reset);

/// <summary>Finds what a client has missed of the changes of messages, who reacted, and what is pinned.</summary>
public sealed class ChangeReader(ConversationStore conversations, ChangeStore changes, GroupReader groups, OwnReactions reactions)
{
    public const int MaxPage = 1_000;

    /// <summary>Whoever is further behind reads pages again: they have what is now, and cost less than so many changes.</summary>
    private const int MaxBehind = 1_000;

    /// <summary>The changes after a number.</summary>
    /// <exception cref="VoxException">not_found, group_not_found, not_a_member</exception>
    public async Task<ChangePage> ReadAsync(
        Caller caller, string conversation, int after, int size, CancellationToken cancellationToken)
    {
        var seen = await SeeAsync(caller, conversation, cancellationToken);
        var changed = await CollectAsync(seen, caller.Sender.Uid, after, size, [], cancellationToken);
        return new ChangePage(
            seen.Key.Id, seen.Head.LastChange, changed.Messages, changed.Through, changed.Reset ? true : null);
    }

    /// <summary>Costs nothing where nothing has changed; else a request for the changes, and some for the messages.</summary>
    /// <param name="known">The last change that the client knows.</param>
    /// <param name="newest">Messages that were read just now, and so are as they are now.</param>
    public async Task<ChangedMessages> CollectAsync(
        SeenConversation seen, string uid, long known, int size, IReadOnlyList<Message> newest, CancellationToken cancellationToken)
    {
        var last = seen.Head.LastChange;
        known = Math.Max(0, known);
        if (known == last || known > last || last - known > MaxBehind)
        {
            return new ChangedMessages([], last, known != last);
        }

        var through = Math.Min(last, known + size);
        var touched = (await changes.ReadRangeAsync(seen.Key, known + 1, through, cancellationToken))
            .Select(change => change.Sequence).Where(seen.Sees).ToHashSet();
        var read = newest.Where(message => touched.Contains(message.Sequence)).ToDictionary(message => message.Sequence);
        foreach (var message in await changes.ReadMessagesAsync(
            seen.Key, touched.Where(sequence => !read.ContainsKey(sequence)), cancellationToken))
        {
            read[message.Sequence] = message;
        }

        var messages = await reactions.ShowAsync(
            seen.Key, uid, [.. read.Values.OrderBy(message => message.Sequence)], cancellationToken);
        return new ChangedMessages(messages, through, false);
    }

    /// <summary>The pinned messages, newest pin first.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<PinPage> ReadPinsAsync(Caller caller, string conversation, CancellationToken cancellationToken)
    {
        var seen = await SeeAsync(caller, conversation, cancellationToken);
        var pinned = await changes.ReadMessagesAsync(seen.Key, (seen.Head.Pins ?? []).Where(seen.Sees), cancellationToken);
        var shown = await reactions.ShowAsync(
            seen.Key, caller.Sender.Uid,
            [.. pinned.Where(message => message.State.PinnedAt > 0).OrderByDescending(message => message.State.PinnedAt)
                .ThenByDescending(message => message.State.Change)],
            cancellationToken);
        return new PinPage(seen.Key.Id, shown);
    }

    /// <summary>A message that the caller sees, and where it is.</summary>
    /// <exception cref="VoxException">not_found, message_not_found, message_deleted, group_not_found, not_a_member</exception>
    public async Task<(ConversationKey Key, Message Message)> FindAsync(
        Caller caller, NamedMessage named, CancellationToken cancellationToken)
    {
        var sequence = ChangeService.Sequence(named.Sequence);
        var seen = await SeeAsync(caller, named.Conversation, cancellationToken);
        if (!seen.Sees(sequence) || await changes.FindMessageAsync(seen.Key, sequence) is not { } rows)
        {
            throw new VoxException(Errors.MessageNotFound, "There is no message with this sequence in the conversation.", "sequence");
        }

        rows.CheckIsThere();
        return (seen.Key, rows.Message);
    }

    /// <summary>Who reacted to a message.</summary>
    /// <param name="emoji">Null for all.</param>
    /// <param name="after">Where the page before ended; null for the first page.</param>
    /// <exception cref="VoxException">not_found, message_not_found, message_deleted, group_not_found, not_a_member</exception>
    public async Task<(List<Reactor> Reactors, bool IsOver)> ReadReactorsAsync(
        Caller caller, NamedMessage named, string? emoji, string? after, int size, CancellationToken cancellationToken)
    {
        var sequence = ChangeService.Sequence(named.Sequence);
        var seen = await SeeAsync(caller, named.Conversation, cancellationToken);
        if (!seen.Sees(sequence) || await changes.FindMessageAsync(seen.Key, sequence) is not { } message)
        {
            throw new VoxException(Errors.MessageNotFound, "There is no message with this sequence in the conversation.", "sequence");
        }

        message.CheckIsThere();
        var page = await changes.ReadReactorsAsync(seen.Key, sequence, emoji, after, size + 1, cancellationToken);
        return ([.. page.Take(size)], page.Count <= size);
    }

    /// <summary>
    /// A message as it is now, and the texts that it had before, oldest first; for the project's own people and server. Two requests at
    /// the same time. Of a message that was deleted or erased there are none.
    /// </summary>
    /// <exception cref="VoxException">not_found, message_not_found</exception>
    public async Task<(MessageEvent Message, IReadOnlyList<(long At, string Data)> Texts)> ReadVersionsAsync(
        Project project, NamedMessage named, CancellationToken cancellationToken)
    {
        var (key, sequence) = (ChangeService.Key(project, named.Conversation), ChangeService.Sequence(named.Sequence));
        var texts = changes.ReadVersionsAsync(key, sequence, cancellationToken);
        var found = await changes.FindMessageAsync(key, sequence);
        var earlier = await texts;
        return found is { Message: var message }
            ? (MessageEvent.Of(key.Id, message), found.IsGone ? [] : earlier)
            : throw new VoxException(Errors.MessageNotFound, "There is no message with this sequence in the conversation.", "sequence");
    }

    /// <summary>What the caller sees of a conversation: one request.</summary>
    /// <exception cref="VoxException">not_found, group_not_found, not_a_member</exception>
    public async Task<SeenConversation> SeeAsync(Caller caller, string conversation, CancellationToken cancellationToken)
    {
        var key = ChangeService.Key(caller.Project, conversation);
        if (key.IsGroup)
        {
            var window = await groups.GetWindowAsync(caller, key, cancellationToken, orEnded: true);
            return new SeenConversation(key, window.Head, window.FirstSeen, window.Last) { State = window.State };
        }

        return await conversations.ReadMarksAsync(key, cancellationToken) is { } view && view.Head.IndexOf(caller.Sender.Uid) >= 0
            ? new SeenConversation(key, view.Head, 1, view.Head.LastSequence) { State = view.MarkOf(caller.Sender.Uid).State }
            : throw new VoxException(Errors.NotFound, "There is no such conversation of yours.", "conversation");
    }
}
