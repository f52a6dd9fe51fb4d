using Vox.Http;
using Vox.Messages;
using Vox.Receipts;
using Vox.Sessions;
using Vox.Users;

namespace Vox.Conversations;

/// <summary>Lists, pages and catch-up of a user's conversations.</summary>
public sealed class ConversationReader(ConversationStore store, RecentStore recents, UserService users, TimeProvider time)
{
    public const int MaxPage = 1_000;
    private const int SyncConversations = 100;
    private const int SyncMessages = 100;

    /// <summary>Read with the head at once: most clients have missed less.</summary>
    private const int SyncFirst = 20;
    private const int MaxNewest = 100;

    /// <summary>Point reads at once for one caller.</summary>
    private const int Parallel = 16;

    /// <summary>The caller's conversations, the most recently used first.</summary>
    public async Task<ConversationPage> ListAsync(Caller caller, int offset, int size, CancellationToken cancellationToken)
    {
        var all = await recents.ListAsync(caller.Project.Id, caller.LoginId, cancellationToken);
        var views = await ReadEachAsync(all, recent => store.ReadNewestAsync(Key(caller, recent.ConversationId), 1, cancellationToken));
        var begun = all.Zip(views)
            .Where(pair => pair.Second is { Newest.Count: > 0 })
            .Select(pair => Summary(caller, pair.First, pair.Second!))
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
        var changes = await ReadEachAsync(portion, recent => ChangesAsync(caller, recent, request, cancellationToken));
        return new SyncResponse(
            [.. changes.OfType<ConversationChanges>()],
            rest.Count > portion.Count ? portion[^1].ConversationId : null,
            time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private async Task<ConversationChanges?> ChangesAsync(
        Caller caller, Recent recent, SyncRequest request, CancellationToken cancellationToken)
    {
        var key = Key(caller, recent.ConversationId);
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
            MarkView.Of(own), OtherMark(caller, view));
    }

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

        return await users.FindRecentAsync(caller.Project.Id, with, cancellationToken) is { } other
            ? ConversationKey.Between(caller.Project.Id, caller.Sender.Uid, other.Uid)
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

    private static ConversationSummary Summary(Caller caller, Recent recent, ConversationView view)
    {
        var own = view.MarkOf(caller.Sender.Uid);
        return new ConversationSummary(
            recent.ConversationId, recent.With, view.Head.LastSequence, view.Head.UnreadBy(caller.Sender.Uid, own), view.Head.Closed,
            MessageEvent.Of(recent.ConversationId, view.Newest[0], view), MarkView.Of(own), OtherMark(caller, view));
    }

    private static MarkView? OtherMark(Caller caller, ConversationView view) =>
        MarkView.Of(view.MarkOf(view.Head.OtherThan(caller.Sender.Uid).Uid));

    private static async Task<TResult[]> ReadEachAsync<TItem, TResult>(IReadOnlyList<TItem> items, Func<TItem, Task<TResult>> read)
    {
        using var slots = new SemaphoreSlim(Parallel);
        return await Task.WhenAll(items.Select(async item =>
        {
            await slots.WaitAsync();
            try
            {
                return await read(item);
            }
            finally
            {
                slots.Release();
            }
        }));
    }
}
