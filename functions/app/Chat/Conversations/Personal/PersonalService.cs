using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Realtime;
using Vox.Chat.Sessions;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Personal;

/// <summary>Changes what users have set for themselves, and tells their other devices.</summary>
public sealed class PersonalService(
    ConversationStore conversations, GroupReader groups, PersonalStateStore store, Pusher pusher, TimeProvider time)
{
    private const int MaxAttempts = 20;

    /// <summary>Messages of one request when others' are counted.</summary>
    private const int MaxCounted = 1_000;

    /// <summary>The last day that is a date everywhere, Unix ms.</summary>
    private const long LastTime = 253_402_300_799_999;

    /// <exception cref="VoxException">invalid_field, not_found, group_not_found, not_a_member, message_not_found, busy</exception>
    internal Task<ConversationSettings> ChangeAsync(
        Caller caller, string conversation, SettingsRequest request, CancellationToken cancellationToken)
    {
        if (request.MutedUntil is < -1 or > LastTime)
        {
            throw new VoxException(
                Errors.InvalidField, "mutedUntil must be a Unix time in ms, 0 for not muted, or -1 for ever.", "mutedUntil");
        }

        if (request.UnreadFrom is < 0 or > Keys.MaxSequence)
        {
            throw new VoxException(
                Errors.InvalidField, "unreadFrom must be the sequence of a message, or 0 to take the mark back.", "unreadFrom");
        }

        return ChangeAsync(caller, conversation, null, async view =>
        {
            var state = view.State;
            return state with
            {
                MutedUntil = request.MutedUntil is { } until
                    ? until > 0 && until <= time.GetUtcNow().ToUnixTimeMilliseconds() ? 0 : until
                    : state.MutedUntil,
                Archived = request.Archived ?? state.Archived,
                Favourite = request.Favourite ?? state.Favourite,
                Unread = request.UnreadFrom switch
                {
                    null => state.Unread,
                    0 => null,
                    { } from => await MarkUnreadAsync(caller, view, from, cancellationToken),
                },
            };
        }, cancellationToken);
    }

    /// <summary>Deletes the history up to now for the caller.</summary>
    /// <exception cref="VoxException">not_found, group_not_found, not_a_member, busy</exception>
    internal Task<ConversationSettings> ClearAsync(Caller caller, string conversation, CancellationToken cancellationToken) =>
        ChangeAsync(
            caller, conversation, null,
            view => Task.FromResult(view.State with
            {
                ClearedThrough = Math.Max(view.Last, view.State.ClearedThrough),
                Hidden = view.State.Hidden.Only(view.Last + 1, long.MaxValue),
                Unread = null,
            }),
            cancellationToken);

    /// <summary>Deletes a message for the caller, on all their devices. The other members keep it.</summary>
    /// <exception cref="VoxException">not_found, group_not_found, not_a_member, message_not_found, limit_reached, busy</exception>
    internal Task<ConversationSettings> HideAsync(
        Caller caller, string conversation, long sequence, CancellationToken cancellationToken) => ChangeAsync(
        caller, conversation, [sequence],
        async view =>
        {
            var state = view.State;
            if (sequence < view.First || sequence > view.Last)
            {
                throw new VoxException(Errors.MessageNotFound, "You see no message with this sequence in the conversation.", "sequence");
            }

            if (!state.Sees(sequence))
            {
                return state;
            }

            var hidden = state.Hidden.With(sequence);
            if (hidden.IsFull)
            {
                throw new VoxException(
                    Errors.LimitReached, "You have deleted too many single messages of this conversation: clear its history instead.");
            }

            state = state with { Hidden = hidden };
            return state.Unread is { } unread && sequence >= unread.From && sequence <= unread.At
                ? state with { Unread = await MarkUnreadAsync(caller, view with { State = state }, unread.From, cancellationToken) }
                : state;
        },
        cancellationToken);

    /// <summary>The messages of others from a sequence on count as unread. They are counted once, here.</summary>
    private async Task<UnreadMark?> MarkUnreadAsync(
        Caller caller, PersonalView view, long from, CancellationToken cancellationToken)
    {
        from = Math.Max(from, Math.Max(view.First, view.State.ClearedThrough + 1));
        if (from > view.Last)
        {
            throw new VoxException(
                Errors.MessageNotFound, "You see no message with the sequence in unreadFrom in the conversation.", "unreadFrom");
        }

        var first = Math.Max(from, view.Last - MaxCounted + 1);
        var counted = await conversations.ReadRangeAsync(view.Key, first, view.Last, cancellationToken);
        var own = counted.Count(message => message.Draft.FromUid == caller.Sender.Uid);
        var hidden = counted.Count(
            message => message.Draft.FromUid != caller.Sender.Uid && view.State.Hidden.Contains(message.Sequence));
        return new UnreadMark(from, view.Last, Math.Max(0, view.Last - from + 1 - own - hidden));
    }

    private async Task<ConversationSettings> ChangeAsync(
        Caller caller, string conversation, IReadOnlyList<long>? hidden, Func<PersonalView, Task<PersonalState>> change,
        CancellationToken cancellationToken)
    {
        var key = ConversationKey.IsId(conversation) ? new ConversationKey(caller.Project.Id, conversation) : throw NotFound();
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var view = await ReadAsync(caller, key, cancellationToken);
            var after = await change(view);
            if (after == view.State)
            {
                return ConversationSettings.Of(key.Id, view.State, view.LastOwn, hidden);
            }

            after = after with { Version = view.State.Version + 1 };
            if (await TryStoreAsync(caller, view, after))
            {
                var settings = ConversationSettings.Of(key.Id, after, view.LastOwn, hidden);
                pusher.ToUsers([caller.Identity], RealtimeEvents.Settings, settings, PersonalJson.Wire.ConversationSettings);
                return settings;
            }
        }

        throw new VoxException(Errors.Busy, "This is being changed from too many devices at once: try again shortly.");
    }

    /// <summary>If the caller disconnects now, the change is made all the same and their devices are told.</summary>
    private Task<bool> TryStoreAsync(Caller caller, PersonalView view, PersonalState after) => view.Member is { } member
        ? store.TryChangeAsync(view.Key, member, after, CancellationToken.None)
        : store.TryChangeAsync(view.Key, caller.Sender.Uid, view.Mark, after, CancellationToken.None);

    private async Task<PersonalView> ReadAsync(Caller caller, ConversationKey key, CancellationToken cancellationToken)
    {
        if (key.IsGroup)
        {
            var window = await groups.GetWindowAsync(caller, key, cancellationToken, orEnded: true);
            return new PersonalView(key, window.First, window.Last, window.Member.LastOwn, window.Member.Mark, window.Member);
        }

        return await conversations.ReadMarksAsync(key, cancellationToken) is { Head: var head } view
            && head.IndexOf(caller.Sender.Uid) is >= 0 and var i
            ? new PersonalView(key, 1, head.LastSequence, head.Members[i].LastOwn, view.MarkOf(caller.Sender.Uid), null)
            : throw NotFound();
    }

    private static VoxException NotFound() => new(Errors.NotFound, "There is no such conversation of yours.", "conversation");

    /// <param name="First">The first sequence that the caller may see, whatever they have set.</param>
    /// <param name="LastOwn">Sequence of their own newest message.</param>
    /// <param name="Member">Their row in a group; null between two users.</param>
    private sealed record PersonalView(ConversationKey Key, long First, long Last, long LastOwn, Mark Mark, GroupMember? Member)
    {
        public PersonalState State { get; init; } = Mark.State;
    }
}
