using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Messages;

/// <summary>Pages of a conversation's messages.</summary>
public sealed class MessageReader(ConversationStore store, GroupReader groups, UserService users)
{
    public const int MaxPage = 1_000;

    /// <summary>A page of one conversation, named by the other user's login id or by the conversation's id.</summary>
    /// <param name="before">Only messages with lower sequences; <see cref="int.MaxValue"/> for all.</param>
    /// <param name="offset">How many of those messages to skip, newest first.</param>
    public async Task<MessagePage> ReadAsync(
        Caller caller, string? with, string? conversationId, int before, int offset, int size, CancellationToken cancellationToken)
    {
        var key = await FindKeyAsync(caller, with, conversationId, cancellationToken);
        var newest = before == int.MaxValue && offset == 0;
        if (key.IsGroup)
        {
            var group = newest
                ? await groups.ReadNewestAsync(caller, key, size, cancellationToken)
                : await groups.ReadPageAsync(caller, key, before, offset, size, cancellationToken);
            return group is null ? throw NoConversation() : GroupPage(key, group);
        }

        var view = newest
            ? await store.ReadNewestAsync(key, size, cancellationToken)
            : await store.ReadMarksAsync(key, cancellationToken);
        if (view is null)
        {
            // Named by a user: nobody has written yet, so the page is empty. Named by an id: there is no such conversation.
            return conversationId is { Length: > 0 } ? throw NoConversation() : new MessagePage(key.Id, 0, []);
        }

        CheckMember(caller, view.Head);
        if (!newest)
        {
            var last = Math.Min(view.Head.LastSequence, before - 1L) - offset;
            view = view with { Newest = await store.ReadRangeAsync(key, last - size + 1, last, cancellationToken) };
        }

        return new MessagePage(key.Id, view.Head.LastSequence, [.. view.Newest.Select(message => MessageEvent.Of(key.Id, message, view))]);
    }

    private static MessagePage GroupPage(ConversationKey key, GroupPageView group) => new(
        key.Id, group.Window.Last, [.. group.Messages.Select(message => MessageEvent.Of(key.Id, message))], group.Window.First);

    private async Task<ConversationKey> FindKeyAsync(
        Caller caller, string? with, string? conversationId, CancellationToken cancellationToken)
    {
        if (conversationId is { Length: > 0 })
        {
            return ConversationKey.IsId(conversationId) ? Key(caller, conversationId) : throw NoConversation();
        }

        if (with is not { Length: > 0 })
        {
            throw new VoxException(Errors.MissingField, "with or conversation must say which conversation.", "with");
        }

        if (await users.FindRecentAsync(new(caller.Project.Id, with), cancellationToken) is { } other)
        {
            return ConversationKey.Between(caller.Project.Id, caller.Sender.Uid, other.Uid);
        }

        return ConversationKey.IsGroupId(with)
            ? Key(caller, with)
            : throw new VoxException(Errors.UserNotFound, "There is no user with this login id in the project.", "with");
    }

    private static ConversationKey Key(Caller caller, string conversationId) => new(caller.Project.Id, conversationId);

    /// <summary>For anyone but its members a conversation does not exist.</summary>
    private static void CheckMember(Caller caller, ConversationHead head)
    {
        if (head.IndexOf(caller.Sender.Uid) < 0)
        {
            throw NoConversation();
        }
    }

    private static VoxException NoConversation() =>
        new(Errors.NotFound, "There is no such conversation of yours.", "conversation");
}
