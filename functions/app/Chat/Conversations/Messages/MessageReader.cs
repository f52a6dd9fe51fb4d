using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Conversations.Messages;

/// <summary>Pages of a conversation's messages.</summary>
public sealed class MessageReader(
    ConversationStore store, ConversationTips tips, GroupReader groups, OwnReactions reactions, UserService users)
{
    public const int MaxPage = 1_000;

    /// <summary>A page of one conversation, named by the other user's login id or by the conversation's id.</summary>
    /// <param name="before">Only messages with lower sequences; <see cref="int.MaxValue"/> for all.</param>
    /// <param name="offset">How many of those messages to skip, newest first.</param>
    public async Task<MessagePage> ReadAsync(
        Caller caller, string? with, string? conversationId, int before, int offset, int size, CancellationToken cancellationToken)
    {
        var newest = before == int.MaxValue && offset == 0;
        var (group, key) = Named(caller, with, conversationId);
        if (group is { } id)
        {
            var page = newest
                ? await groups.ReadNewestAsync(caller, id, size, cancellationToken)
                : await groups.ReadPageAsync(caller, id, before, offset, size, cancellationToken);
            if (page is not null)
            {
                return await GroupPageAsync(caller, id, page, cancellationToken) with { Tip = groups.CreateTip(id, page.Window) };
            }

            // As with sending: it may be a user whose login id looks like a group's id. Such ids were possible once.
            key = conversationId is { Length: > 0 } ? null : await FindKeyAsync(caller, with!, cancellationToken);
            return key is { } direct
                ? await DirectPageAsync(caller, direct, conversationId, before, offset, size, cancellationToken)
                : throw NoConversation();
        }

        key ??= await FindKeyAsync(caller, with!, cancellationToken)
            ?? throw new VoxException(Errors.UserNotFound, "There is no user with this login id in the project.", "with");
        return await DirectPageAsync(caller, key.Value, conversationId, before, offset, size, cancellationToken);
    }

    private async Task<MessagePage> DirectPageAsync(
        Caller caller, ConversationKey key, string? conversationId, int before, int offset, int size, CancellationToken cancellationToken)
    {
        var newest = before == int.MaxValue && offset == 0;
        var view = newest
            ? await store.ReadNewestAsync(key, size, cancellationToken)
            : await store.ReadMarksAsync(key, cancellationToken);
        if (view is null)
        {
            // Named by a user: nobody has written yet, so the page is empty. Named by an id: there is no such conversation.
            return conversationId is { Length: > 0 } ? throw NoConversation() : new MessagePage(key.Id, 0, []);
        }

        CheckMember(caller, view.Head);
        var state = view.MarkOf(caller.Sender.Uid).State;
        if (!newest)
        {
            var last = Math.Min(view.Head.LastSequence, before - 1L) - offset;
            var first = Math.Max(state.ClearedThrough + 1, last - size + 1);
            view = view with { Newest = await store.ReadRangeAsync(key, first, last, cancellationToken) };
        }

        var shown = view.Newest.Where(message => state.Sees(message.Sequence));
        return new MessagePage(
            key.Id, view.Head.LastSequence,
            await reactions.ShowAsync(
                key, caller.Sender.Uid, [.. shown], message => MessageEvent.Of(key.Id, message, view), cancellationToken),
            state.ClearedThrough + 1, Tip: tips.Create(key, view.Head), Epochs: EpochView.Of(view.Head), LastChange: Change(view.Head))
        {
            HiddenSequences = state.HiddenAmong(view.Newest),
        };
    }

    private async Task<MessagePage> GroupPageAsync(
        Caller caller, ConversationKey key, GroupPageView group, CancellationToken cancellationToken)
    {
        var shown = await reactions.ShowAsync(
            key, caller.Sender.Uid, [.. group.Messages.Where(message => group.Window.Sees(message.Sequence))], cancellationToken);
        return new MessagePage(
            key.Id, group.Window.Last, shown, group.Window.FirstSeen, Epochs: EpochView.Of(group.Window.Head),
            LastChange: Change(group.Window.Head))
        {
            HiddenSequences = group.Window.State.HiddenAmong(group.Messages),
        };
    }

    private static long? Change(ConversationHead head) => head.LastChange > 0 ? head.LastChange : null;

    /// <summary>The group or the other conversation that the request names by its id; neither when it names a user.</summary>
    private static (ConversationKey? Group, ConversationKey? Direct) Named(Caller caller, string? with, string? conversationId)
    {
        if (conversationId is { Length: > 0 })
        {
            var key = ConversationKey.IsId(conversationId) ? Key(caller, conversationId) : throw NoConversation();
            return key.IsGroup ? (key, null) : (null, key);
        }

        if (with is not { Length: > 0 })
        {
            throw new VoxException(Errors.MissingField, "with or conversation must say which conversation.", "with");
        }

        return ConversationKey.IsGroupId(with) ? (Key(caller, with), null) : (null, null);
    }

    /// <returns>Null when there is no such user.</returns>
    private async Task<ConversationKey?> FindKeyAsync(Caller caller, string with, CancellationToken cancellationToken) =>
        await users.FindRecentAsync(new(caller.Project.Id, with), cancellationToken) is { } other
            ? ConversationKey.Between(caller.Project.Id, caller.Sender.Uid, other.Uid)
            : null;

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
