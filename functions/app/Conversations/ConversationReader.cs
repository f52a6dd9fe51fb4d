using Vox.Groups;
using Vox.Http;
using Vox.Messages;
using Vox.Receipts;
using Vox.Sessions;
using Vox.Storage;
using Vox.Users;

namespace Vox.Conversations;

/// <summary>Lists, pages and catch-up of a user's conversations.</summary>
public sealed class ConversationReader(
    ConversationStore store, RecentStore recents, GroupReader groups, UserService users, TimeProvider time)
{
    public const int MaxPage = 1_000;
    private const int SyncConversations = 100;
    private const int SyncMessages = 100;

    /// <summary>Read with the head at once: most clients have missed less.</summary>
    private const int SyncFirst = 20;
    private const int MaxNewest = 100;

    /// <summary>Point reads at once for one caller.</summary>

    /// <summary>The caller's conversations, the most recently used first.</summary>
    public async Task<ConversationPage> ListAsync(Caller caller, int offset, int size, CancellationToken cancellationToken)
    {
        var all = await recents.ListAsync(caller.Project.Id, caller.LoginId, cancellationToken);
        var summaries = await ManyRequests.EachAsync(all, recent => SummaryAsync(caller, recent, cancellationToken), cancellationToken);
        var begun = summaries.OfType<ConversationSummary>()
            .OrderByDescending(summary => summary.LastMessage.SentAt)
            .ToList();
        return new ConversationPage(begun.Count, begun.Skip(offset).Take(size).ToList());
    }

    /// <summary>A page of one conversation, by the other user's login id or by the conversation's id.</summary>
    /// <param name="before">Only sequences below it; <see cref="int.MaxValue"/> for all.</param>
    /// <param name="offset">Messages to leave out after that, newest first.</param>
    public async Task<MessagePage> ReadMessagesAsync(
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
            // With a user to whom nothing was said yet: empty. By an id: there is no such thing.
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

    /// <summary>What came after the sequences that the client has, for all its conversations, in portions.</summary>
    public async Task<SyncResponse> SyncAsync(Caller caller, SyncRequest request, CancellationToken cancellationToken)
    {
        if (request.Newest is < 0 or > MaxNewest)
        {
            throw new VoxException(Errors.InvalidField, $"newest must be a number from 0 to {MaxNewest}.", "newest");
        }

        // By id, so that a conversation which begins between two portions is met or comes as a live message, never skipped.
        var all = await recents.ListAsync(caller.Project.Id, caller.LoginId, cancellationToken);
        var rest = all.Where(recent => request.Cursor is null || string.CompareOrdinal(recent.ConversationId, request.Cursor) > 0).ToList();
        var portion = rest.Take(SyncConversations).ToList();
        var changes = await ManyRequests.EachAsync(portion, recent => ChangesAsync(caller, recent, request, cancellationToken), cancellationToken);
        return new SyncResponse(
            [.. changes.OfType<ConversationChanges>()],
            rest.Count > portion.Count ? portion[^1].ConversationId : null,
            time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private async Task<ConversationChanges?> ChangesAsync(
        Caller caller, Recent recent, SyncRequest request, CancellationToken cancellationToken)
    {
        var key = Key(caller, recent.ConversationId);
        if (recent.Group)
        {
            return await GroupChangesAsync(caller, key, request, cancellationToken);
        }

        if (await store.ReadNewestAsync(key, Math.Max(SyncFirst, request.Newest ?? 0), cancellationToken) is not { Head.LastSequence: > 0 } view)
        {
            return null;
        }

        var last = view.Head.LastSequence;
        var named = request.Conversations is { } map && map.TryGetValue(recent.ConversationId, out var sequence) ? sequence : (long?)null;
        var own = view.MarkOf(caller.Sender.Uid);
        var known = Math.Clamp(named ?? (request.Newest is { } n ? last - n : own.Delivered), 0, last);
        if (known == last && named is null)
        {
            return null;
        }

        var messages = view.Newest.Where(message => message.Sequence > known).Reverse().ToList();
        if (messages.Count > 0 && messages[0].Sequence > known + 1)
        {
            messages = await store.ReadRangeAsync(key, known + 1, Math.Min(last, known + SyncMessages), cancellationToken);
            messages.Reverse();
        }

        return new ConversationChanges(
            key.Id, recent.With, last, messages.ConvertAll(message => MessageEvent.Of(key.Id, message, view)),
            messages.Count == 0 || messages[^1].Sequence == last,
            MarkView.Of(own), OtherMark(caller, view), Closed: view.Head.Closed ? true : null);
    }

    private async Task<ConversationChanges?> GroupChangesAsync(
        Caller caller, ConversationKey key, SyncRequest request, CancellationToken cancellationToken)
    {
        if (await FindGroupAsync(caller, key, Math.Max(SyncFirst, request.Newest ?? 0), cancellationToken) is not var (window, newest))
        {
            return null;
        }

        // What he does not see counts as known.
        var named = request.Conversations is { } map && map.TryGetValue(key.Id, out var sequence) ? sequence : (long?)null;
        var known = Math.Clamp(named ?? (request.Newest is { } n ? window.Last - n : window.Member.Mark.Delivered), 0, window.Last);
        known = Math.Min(Math.Max(known, window.First - 1), window.Last);
        if (known == window.Last && named is null)
        {
            return null;
        }

        var messages = newest.Where(message => message.Sequence > known).Reverse().ToList();
        if (messages.Count > 0 && messages[0].Sequence > known + 1)
        {
            messages = await store.ReadRangeAsync(key, known + 1, Math.Min(window.Last, known + SyncMessages), cancellationToken);
            messages.Reverse();
        }

        return new ConversationChanges(
            key.Id, key.Id, window.Last, messages.ConvertAll(message => MessageEvent.Of(key.Id, message)),
            messages.Count == 0 || messages[^1].Sequence == window.Last, MarkView.Of(window.Member.Mark), null, Group: true, window.First,
            window.Info.Name, window.Member.Left ? true : null);
    }

    /// <returns>Null when the group does not belong into the caller's lists: deleted, blocked, or not his any more.</returns>
    private async Task<GroupPageView?> FindGroupAsync(Caller caller, ConversationKey key, int take, CancellationToken cancellationToken)
    {
        try
        {
            return await groups.ReadNewestAsync(caller, key, take, cancellationToken) is { Window.Member.Blocked: false } group ? group : null;
        }
        catch (VoxException e) when (e.Error == Errors.NotAMember)
        {
            return null;
        }
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

        if (await users.FindRecentAsync(caller.Project.Id, with, cancellationToken) is { } other)
        {
            return ConversationKey.Between(caller.Project.Id, caller.Sender.Uid, other.Uid);
        }

        return ConversationKey.IsGroupId(with)
            ? Key(caller, with)
            : throw new VoxException(Errors.UserNotFound, "There is no user with this login id in the project.", "with");
    }

    private static ConversationKey Key(Caller caller, string conversationId) => new(caller.Project.Id, conversationId);

    /// <summary>To everybody else a conversation does not exist.</summary>
    private static void CheckMember(Caller caller, ConversationHead head)
    {
        if (head.IndexOf(caller.Sender.Uid) < 0)
        {
            throw NoConversation();
        }
    }

    private static VoxException NoConversation() =>
        new(Errors.NotFound, "There is no such conversation of yours.", "conversation");

    private async Task<ConversationSummary?> SummaryAsync(Caller caller, Recent recent, CancellationToken cancellationToken)
    {
        var key = Key(caller, recent.ConversationId);
        if (recent.Group)
        {
            return await FindGroupAsync(caller, key, 1, cancellationToken) is var (window, messages) && messages.Count > 0
                ? new ConversationSummary(
                    key.Id, key.Id, window.Last, window.Unread, window.Member.Left, MessageEvent.Of(key.Id, messages[0]),
                    MarkView.Of(window.Member.Mark), null, Group: true, window.Info.Name, window.First)
                : null;
        }

        if (await store.ReadNewestAsync(key, 1, cancellationToken) is not { Newest.Count: > 0 } view)
        {
            return null;
        }

        var own = view.MarkOf(caller.Sender.Uid);
        return new ConversationSummary(
            key.Id, recent.With, view.Head.LastSequence, view.Head.UnreadBy(caller.Sender.Uid, own), view.Head.Closed,
            MessageEvent.Of(key.Id, view.Newest[0], view), MarkView.Of(own), OtherMark(caller, view));
    }

    private static MarkView? OtherMark(Caller caller, ConversationView view) =>
        MarkView.Of(view.MarkOf(view.Head.OtherThan(caller.Sender.Uid).Uid));
}
