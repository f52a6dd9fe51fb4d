using Vox.Http;
using Vox.Messages;
using Vox.Sessions;
using Vox.Users;

namespace Vox.Conversations;

/// <summary>Lists, pages and catch-up of a user's conversations.</summary>
public sealed class ConversationReader(ConversationStore store, RecentStore recents, UserService users, TimeProvider time)
{
    public const int MaxPage = 1_000;
    private const int SyncConversations = 100;
    private const int SyncMessages = 100;
    private const int MaxNewest = 100;

    /// <summary>Point reads at once for one caller.</summary>
    private const int Parallel = 16;

    /// <summary>The caller's conversations, the most recently used first.</summary>
    public async Task<ConversationPage> ListAsync(Caller caller, int offset, int size, CancellationToken cancellationToken)
    {
        var all = await recents.ListAsync(caller.Project.Id, caller.LoginId, cancellationToken);
        var heads = await ReadEachAsync(all, recent => store.ReadNewestAsync(Key(caller, recent.ConversationId), 1, cancellationToken));
        var begun = all.Zip(heads)
            .Where(pair => pair.Second is { Newest.Count: > 0 })
            .Select(pair => Summary(pair.First, pair.Second!.Value))
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
        if (before == int.MaxValue && offset == 0)
        {
            return await store.ReadNewestAsync(key, size, cancellationToken) is { } newest
                ? Page(key, Member(caller, newest.Head).LastSequence, newest.Newest)
                : NotBegun(key, conversationId);
        }

        if (await store.FindHeadAsync(key, cancellationToken) is not { } head)
        {
            return NotBegun(key, conversationId);
        }

        var last = Math.Min(Member(caller, head).LastSequence, before - 1L) - offset;
        return Page(key, head.LastSequence, await store.ReadRangeAsync(key, last - size + 1, last, cancellationToken));
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
        long? known = request.Conversations is { } map && map.TryGetValue(recent.ConversationId, out var sequence) ? Math.Max(0, sequence) : null;
        var take = known is null ? Math.Max(1, request.Newest) : 50;
        if (await store.ReadNewestAsync(key, take, cancellationToken) is not { Newest.Count: > 0 } newest
            || newest.Head.LastSequence <= known)
        {
            return null;
        }

        var last = newest.Head.LastSequence;
        var first = (known ?? last - request.Newest) + 1;
        var messages = newest.Newest;
        if (messages[^1].Sequence > first && known is not null)
        {
            messages = await store.ReadRangeAsync(key, first, Math.Min(last, first + SyncMessages - 1), cancellationToken);
        }

        var events = messages.Where(message => message.Sequence >= first).Reverse()
            .Select(message => MessageEvent.Of(key.Id, message)).ToList();
        return new ConversationChanges(key.Id, recent.With, last, events, events.Count == 0 || events[^1].Sequence == last);
    }

    private async Task<ConversationKey> FindKeyAsync(
        Caller caller, string? with, string? conversationId, CancellationToken cancellationToken)
    {
        if (conversationId is { Length: > 0 })
        {
            return conversationId.Length <= 64 && conversationId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
                ? Key(caller, conversationId)
                : throw NoConversation();
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
    private static ConversationHead Member(Caller caller, ConversationHead head) =>
        head.Members.Any(member => member.Uid == caller.Sender.Uid) ? head : throw NoConversation();

    private static VoxException NoConversation() =>
        new(Errors.NotFound, "There is no such conversation of yours.", "conversation");

    /// <summary>With a user to whom nothing was said yet: empty. By an id: there is no such thing.</summary>
    private static MessagePage NotBegun(ConversationKey key, string? conversationId) =>
        conversationId is { Length: > 0 } ? throw NoConversation() : new MessagePage(key.Id, 0, []);

    private static MessagePage Page(ConversationKey key, long last, List<Message> messages) =>
        new(key.Id, last, messages.ConvertAll(message => MessageEvent.Of(key.Id, message)));

    private static ConversationSummary Summary(Recent recent, (ConversationHead Head, List<Message> Newest) read) =>
        new(recent.ConversationId, recent.With, read.Head.LastSequence, read.Head.Closed, MessageEvent.Of(recent.ConversationId, read.Newest[0]));

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
