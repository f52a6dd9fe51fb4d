using Vox.Chat.Conversations.Changes;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Personal;
using Vox.Chat.Conversations.Receipts;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Sessions;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations;

/// <summary>Lists a user's conversations and finds what a client has missed in them.</summary>
public sealed class ConversationReader(
    ConversationStore store, ConversationTips tips, RecentStore recents, GroupReader groups, ChangeReader changes,
    OwnReactions reactions, TimeProvider time)
{
    public const int MaxPage = 1_000;
    private const int SyncConversations = 100;
    private const int SyncMessages = 100;
    private const int SyncChanges = 100;

    /// <summary>Messages that are read together with the head. Most clients have missed fewer.</summary>
    private const int SyncFirst = 20;
    private const int MaxNewest = 100;

    /// <summary>The caller's conversations, most recently used first.</summary>
    public async Task<ConversationPage> ListAsync(Caller caller, int offset, int size, CancellationToken cancellationToken)
    {
        var all = await recents.ListAsync(caller.Identity, cancellationToken);
        var summaries = await ManyRequests.EachAsync(all, recent => SummaryAsync(caller, recent, cancellationToken), cancellationToken);
        var begun = summaries.OfType<ConversationSummary>()
            .OrderByDescending(summary => summary.LastMessage.SentAt)
            .ToList();
        return new ConversationPage(begun.Count, begun.Skip(offset).Take(size).ToList());
    }

    /// <summary>The messages after the sequences that the client has, for all conversations, in portions.</summary>
    public async Task<SyncResponse> SyncAsync(Caller caller, SyncRequest request, CancellationToken cancellationToken)
    {
        if (request.Newest is < 0 or > MaxNewest)
        {
            throw new VoxException(Errors.InvalidField, $"newest must be a number from 0 to {MaxNewest}.", "newest");
        }

        // The order is by id. If a conversation begins between two portions, a later portion or a live message has it. None is skipped.
        var all = await recents.ListAsync(caller.Identity, cancellationToken);
        var rest = all.Where(recent => request.Cursor is null || string.CompareOrdinal(recent.ConversationId, request.Cursor) > 0).ToList();
        var portion = rest.Take(SyncConversations).ToList();
        var missed = await ManyRequests.EachAsync(
            portion, recent => ChangesAsync(caller, recent, request, cancellationToken), cancellationToken);
        return new SyncResponse(
            [.. missed.OfType<ConversationChanges>()],
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

        if (await store.ReadNewestAsync(key, Math.Max(SyncFirst, request.Newest ?? 0), cancellationToken)
            is not { Head.LastSequence: > 0 } view)
        {
            return null;
        }

        var last = view.Head.LastSequence;
        var named = request.Conversations is { } map && map.TryGetValue(recent.ConversationId, out var sequence) ? sequence : (long?)null;
        var own = view.MarkOf(caller.Sender.Uid);
        var cleared = Math.Min(own.State.ClearedThrough, last);
        var known = Math.Clamp(named ?? (request.Newest is { } n ? last - n : own.Delivered), cleared, last);
        if (known == last && named is null && !HasChanged(request, key, view.Head))
        {
            return null;
        }

        var messages = view.Newest.Where(message => message.Sequence > known).Reverse().ToList();
        if (messages.Count > 0 && messages[0].Sequence > known + 1)
        {
            messages = await store.ReadRangeAsync(key, known + 1, Math.Min(last, known + SyncMessages), cancellationToken);
            messages.Reverse();
        }

        var isComplete = messages.Count == 0 || messages[^1].Sequence == last;
        var hidden = own.State.HiddenAmong(messages);
        messages.RemoveAll(message => !own.State.Sees(message.Sequence));
        var shown = await reactions.ShowAsync(
            key, caller.Sender.Uid, messages, message => MessageEvent.Of(key.Id, message, view), cancellationToken);
        var answer = new ConversationChanges(
            key.Id, recent.With, last, shown, isComplete,
            MarkView.Of(own), OtherMark(caller, view), Closed: view.Head.Closed ? true : null,
            Unread: view.Head.UnreadBy(caller.Sender.Uid, own), LastOther: LastOther(caller, view.Head),
            Tip: tips.Create(key, view.Head), Epochs: EpochView.Of(view.Head),
            FirstSequence: own.State.ClearedThrough > 0 ? own.State.ClearedThrough + 1 : null)
        {
            Settings = ConversationSettings.Shown(key.Id, own.State, LastOwn(caller, view.Head), withHidden: true),
            HiddenSequences = hidden,
        };
        return await WithChangesAsync(
            answer, caller, new SeenConversation(key, view.Head, cleared + 1, known) { State = own.State }, request, view.Newest,
            cancellationToken);
    }

    private static bool HasChanged(SyncRequest request, ConversationKey key, ConversationHead head) =>
        request.Changes is { } map && map.TryGetValue(key.Id, out var change) && change != head.LastChange;

    /// <param name="seen">Up to the last message that the client has: later ones come as they are now.</param>
    private async Task<ConversationChanges> WithChangesAsync(
        ConversationChanges answer, Caller caller, SeenConversation seen, SyncRequest request, IReadOnlyList<Message> newest,
        CancellationToken cancellationToken)
    {
        answer = answer with { LastChange = Change(seen.Head) };
        if (!HasChanged(request, seen.Key, seen.Head))
        {
            return answer;
        }

        var changed = await changes.CollectAsync(
            seen, caller.Sender.Uid, request.Changes![seen.Key.Id], SyncChanges, newest, cancellationToken);
        return changed.Reset
            ? answer with { ChangesReset = true }
            : answer with { Changed = changed.Messages, ChangedThrough = changed.Through };
    }

    private async Task<ConversationChanges?> GroupChangesAsync(
        Caller caller, ConversationKey key, SyncRequest request, CancellationToken cancellationToken)
    {
        if (await FindGroupAsync(caller, key, Math.Max(SyncFirst, request.Newest ?? 0), cancellationToken) is not var (window, newest))
        {
            return null;
        }

        // Messages that the caller may not see count as known.
        var named = request.Conversations is { } map && map.TryGetValue(key.Id, out var sequence) ? sequence : (long?)null;
        var known = Math.Clamp(named ?? (request.Newest is { } n ? window.Last - n : window.Member.Mark.Delivered), 0, window.Last);
        known = Math.Min(Math.Max(known, window.FirstSeen - 1), window.Last);
        if (known == window.Last && named is null && !HasChanged(request, key, window.Head))
        {
            return null;
        }

        var messages = newest.Where(message => message.Sequence > known).Reverse().ToList();
        if (messages.Count > 0 && messages[0].Sequence > known + 1)
        {
            messages = await store.ReadRangeAsync(key, known + 1, Math.Min(window.Last, known + SyncMessages), cancellationToken);
            messages.Reverse();
        }

        var isComplete = messages.Count == 0 || messages[^1].Sequence == window.Last;
        var hidden = window.State.HiddenAmong(messages);
        messages.RemoveAll(message => !window.Sees(message.Sequence));
        var shown = await reactions.ShowAsync(key, caller.Sender.Uid, messages, cancellationToken);
        var answer = new ConversationChanges(
            key.Id, key.Id, window.Last, shown,
            isComplete, MarkView.Of(window.Member.Mark), null, Group: true, window.FirstSeen,
            window.Info.Name, window.Member.Left ? true : null, window.Unread, Tip: groups.CreateTip(key, window),
            Epochs: EpochView.Of(window.Head))
        {
            UnreadMentions = window.UnreadMentions is > 0 and var mentions ? mentions : null,
            Settings = ConversationSettings.Shown(key.Id, window.State, window.Member.LastOwn, withHidden: true),
            HiddenSequences = hidden,
        };
        return await WithChangesAsync(
            answer, caller, new SeenConversation(key, window.Head, window.FirstSeen, known) { State = window.State }, request, newest,
            cancellationToken);
    }

    /// <returns>
    /// Null when the group is not for the caller's lists: it was deleted, they blocked it, or it has no member row of theirs.
    /// </returns>
    private async Task<GroupPageView?> FindGroupAsync(Caller caller, ConversationKey key, int take, CancellationToken cancellationToken)
    {
        try
        {
            return await groups.ReadNewestAsync(caller, key, take, cancellationToken) is { Window.Member.Blocked: false } group
                ? group
                : null;
        }
        catch (VoxException e) when (e.Error == Errors.NotAMember)
        {
            return null;
        }
    }

    private static ConversationKey Key(Caller caller, string conversationId) => new(caller.Project.Id, conversationId);

    private async Task<ConversationSummary?> SummaryAsync(Caller caller, Recent recent, CancellationToken cancellationToken)
    {
        var key = Key(caller, recent.ConversationId);
        if (recent.Group)
        {
            return await FindGroupAsync(caller, key, 1, cancellationToken) is var (window, messages)
                && await NewestAsync(key, window.State, window.FirstSeen, messages, cancellationToken) is { } newest
                ? new ConversationSummary(
                    key.Id, key.Id, window.Last, window.Unread, window.Member.Left, MessageEvent.Of(key.Id, newest),
                    MarkView.Of(window.Member.Mark), null, Group: true, window.Info.Name, window.FirstSeen,
                    Change(window.Head))
                {
                    UnreadMentions = window.UnreadMentions is > 0 and var mentions ? mentions : null,
                    Settings = ConversationSettings.Shown(key.Id, window.State, window.Member.LastOwn, withHidden: false),
                }
                : null;
        }

        if (await store.ReadNewestAsync(key, 1, cancellationToken) is not { Newest.Count: > 0 } view)
        {
            return null;
        }

        var own = view.MarkOf(caller.Sender.Uid);
        return await NewestAsync(key, own.State, own.State.ClearedThrough + 1, view.Newest, cancellationToken) is { } last
            ? new ConversationSummary(
                key.Id, recent.With, view.Head.LastSequence, view.Head.UnreadBy(caller.Sender.Uid, own), view.Head.Closed,
                MessageEvent.Of(key.Id, last, view), MarkView.Of(own), OtherMark(caller, view),
                FirstSequence: own.State.ClearedThrough > 0 ? own.State.ClearedThrough + 1 : null,
                LastChange: Change(view.Head))
            {
                Settings = ConversationSettings.Shown(key.Id, own.State, LastOwn(caller, view.Head), withHidden: false),
            }
            : null;
    }

    /// <summary>
    /// The newest message that the caller sees. Only if they have deleted the newest for themselves, another one is read.
    /// </summary>
    /// <param name="messages">The newest message of all, if there is one.</param>
    private async Task<Message?> NewestAsync(
        ConversationKey key, PersonalState state, long first, IReadOnlyList<Message> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0 || state.Sees(messages[0].Sequence))
        {
            return messages.Count == 0 ? null : messages[0];
        }

        var sequence = state.Hidden.LastOutside(messages[0].Sequence);
        return sequence >= first && await store.ReadRangeAsync(key, sequence, sequence, cancellationToken) is [var message]
            ? message
            : null;
    }

    private static long LastOwn(Caller caller, ConversationHead head) =>
        head.IndexOf(caller.Sender.Uid) is >= 0 and var i ? head.Members[i].LastOwn : 0;

    private static long? Change(ConversationHead head) => head.LastChange > 0 ? head.LastChange : null;

    /// <summary>In a conversation with oneself nobody else writes.</summary>
    private static long LastOther(Caller caller, ConversationHead head) =>
        head.OtherThan(caller.Sender.Uid) is { } other && other.Uid != caller.Sender.Uid ? other.LastOwn : 0;

    private static MarkView? OtherMark(Caller caller, ConversationView view) =>
        MarkView.Of(view.MarkOf(view.Head.OtherThan(caller.Sender.Uid).Uid));
}
