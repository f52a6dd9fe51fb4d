using System.Text.Json;
using System.Text.Json.Serialization;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Platform.Http;

namespace Vox.Chat.Conversations.Messages;

/// <summary><c>POST /api/v1/messages</c></summary>
/// <param name="To">Recipient's login id, or the id of a group that the sender is a member of.</param>
/// <param name="Type">1 text (default), 2 HTML, 3 location, 4 image, 5 video, 6 contact, 7 document.</param>
/// <param name="ContentType">MIME type; default <c>text/plain</c>.</param>
/// <param name="ClientMessageId">
/// Chosen by the client, unique per sender. A repeated send with the same id returns the first result.
/// </param>
/// <param name="ClientTime">Unix ms, by the client's clock.</param>
/// <param name="Thumbnail">Storage key of a thumbnail, for a file that is forwarded.</param>
/// <param name="Size">Size of a file in bytes; ignored for other types.</param>
/// <param name="Reports">False: nobody is told when the message was delivered and read. Default true.</param>
/// <param name="MarksRead">
/// False: the message is sent for the user, who has not read what came before it, such as an automatic answer. Default true.
/// </param>
/// <param name="Tip">
/// The newest <c>tip</c> of this conversation that the client has seen, unchanged; at most 200 characters. A fresh one makes the send
/// cheaper. Any other is ignored.
/// </param>
public sealed record SendMessageRequest(
    string? To,
    string? Data,
    int Type = 1,
    string? ContentType = null,
    string? ClientMessageId = null,
    long ClientTime = 0,
    long ClientSequence = 0,
    string? Thumbnail = null,
    long Size = 0,
    bool? Reports = null,
    bool? MarksRead = null,
    string? Tip = null)
{
    /// <summary>The sequence of the message that it answers, in the same conversation.</summary>
    public long? ReplyTo { get; init; }

    /// <summary>
    /// The sequence of the message whose thread it goes into, in the same conversation. Without <c>replyTo</c> it quotes that message.
    /// </summary>
    public long? Thread { get; init; }

    /// <summary>In a group: login ids of the members whom it mentions, at most 50. The text needs no mark: this list counts.</summary>
    public IReadOnlyList<string>? Mentions { get; init; }

    /// <summary>In a group: it mentions everybody.</summary>
    public bool? MentionsAll { get; init; }

    /// <summary>The app's own JSON object, at most 4,096 bytes in UTF-8.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement Custom { get; init; }

    /// <summary>True: apps announce it without a sound.</summary>
    public bool? Silent { get; init; }

    /// <summary>A message that is to be copied. Then the request has no data, type, contentType, thumbnail and size of its own.</summary>
    public ForwardRequest? Forward { get; init; }
}

/// <param name="SentAt">Unix ms, by the server's clock.</param>
/// <param name="Duplicate">True when this is the result of an earlier send with the same client message id.</param>
/// <param name="Tip">
/// Opaque: pass it with the next message of this conversation. It may already count messages that came after this one. Often absent.
/// </param>
/// <param name="Epoch">The conversation's epoch, see <see cref="EpochView"/>. Absent for 0.</param>
public sealed record SendMessageResponse(
    string Id, string Conversation, long Sequence, long SentAt, bool Duplicate, string? Tip = null, long? Epoch = null)
{
    public static SendMessageResponse Of(SentMessage sent) =>
        new(sent.Id, sent.ConversationId, sent.Sequence, sent.SentAt, sent.Duplicate, sent.Tip, EpochView.Of(sent.Epoch));
}

/// <summary>A message in a page of history, and the argument of the live event <c>message</c>.</summary>
/// <param name="To">The recipient's login id, or the group's id.</param>
/// <param name="DeliveredAt">When the recipient received it, Unix ms. For groups see <c>/api/v1/groups/{group}/receipts</c>.</param>
/// <param name="Group">True in a group, absent otherwise.</param>
/// <param name="Reports">False when the sender asked for no reports: the message has no times of delivery and reading. Else absent.</param>
/// <param name="Tip">Only in a live event: see <see cref="SendMessageResponse"/>.</param>
/// <param name="Erased">True when the message was erased: a text without characters stands in its place. Else absent.</param>
/// <param name="Epoch">Only in a live event, where it is not 0: see <see cref="EpochView"/>.</param>
/// <param name="System">True when the customer's system says it, and no user: then <c>from</c> is empty. Else absent.</param>
/// <param name="Change">
/// Number of the conversation's last change that touched the message. Of two states of a message the one with the higher number is newer.
/// Absent when it was never changed.
/// </param>
/// <param name="EditedAt">Unix ms. Absent when it was not edited.</param>
/// <param name="DeletedAt">Unix ms. Then it is an empty text, and <c>erased</c> is true as well. Absent when it was not deleted.</param>
/// <param name="DeletedBy">Login id. Absent when it was not deleted, or the customer's server did it.</param>
/// <param name="Reactions">In the order in which the first of each kind came. Absent when there are none.</param>
/// <param name="PinnedAt">Unix ms. Absent when it is not pinned.</param>
/// <param name="PinnedBy">Login id.</param>
public sealed record MessageEvent(
    string Conversation,
    long Sequence,
    string Id,
    string From,
    string To,
    int Type,
    string ContentType,
    string Data,
    string? Thumbnail,
    long Size,
    long SentAt,
    long? ClientTime,
    long? ClientSequence,
    long? DeliveredAt = null,
    long? ReadAt = null,
    bool? Group = null,
    bool? Reports = null,
    string? Tip = null,
    bool? Erased = null,
    long? Epoch = null,
    bool? System = null,
    long? Change = null,
    long? EditedAt = null,
    long? DeletedAt = null,
    string? DeletedBy = null,
    IReadOnlyList<ReactionView>? Reactions = null,
    long? PinnedAt = null,
    string? PinnedBy = null)
{
    /// <summary>What it answers.</summary>
    public QuoteView? ReplyTo { get; init; }

    /// <summary>The thread that it is in. Absent for none.</summary>
    public ThreadPlaceView? Thread { get; init; }

    /// <summary>The thread under it, as far as it was when the message was read. Absent for none.</summary>
    public ThreadView? Replies { get; init; }

    /// <summary>Login ids of the members whom it mentions.</summary>
    public IReadOnlyList<string>? Mentions { get; init; }

    /// <summary>True: it mentions everybody in the group. Else absent.</summary>
    public bool? MentionsAll { get; init; }

    /// <summary>The app's own JSON object.</summary>
    public JsonElement? Custom { get; init; }

    /// <summary>True: to be announced without a sound. Else absent.</summary>
    public bool? Silent { get; init; }

    /// <summary>True: copied from another message. Else absent.</summary>
    public bool? Forwarded { get; init; }

    /// <summary>The message with the times at which its recipient received and read it.</summary>
    public static MessageEvent Of(string conversationId, Message message, ConversationView view)
    {
        if (!message.Draft.Reports)
        {
            return Of(conversationId, message);
        }

        var other = view.Head.OtherThan(message.Draft.FromUid);
        var mark = view.MarkOf(other.Uid);
        var (delivered, read) = message.Times.Of(view.Head.IndexOf(other.Uid));
        return Of(conversationId, message) with
        {
            DeliveredAt = Time(delivered, message.Sequence <= mark.Delivered, mark.DeliveredAt),
            ReadAt = Time(read, message.Sequence <= mark.Read, mark.ReadAt),
        };
    }

    /// <summary>
    /// The message's own time. A mark that passed too many messages noted no times in the oldest: they get the mark's time.
    /// </summary>
    private static long? Time(long own, bool passed, long mark) => own > 0 ? own : passed && mark > 0 ? mark : null;

    public static MessageEvent Of(string conversationId, Message message)
    {
        var draft = message.Draft;
        return new MessageEvent(
            conversationId, message.Sequence, draft.Id, draft.From, draft.To, (int)draft.Type, draft.ContentType, draft.Data,
            draft.Thumbnail.Length > 0 ? draft.Thumbnail : null, draft.Size, message.SentAt,
            draft.ClientTime > 0 ? draft.ClientTime : null, draft.ClientSequence > 0 ? draft.ClientSequence : null,
            Group: conversationId.StartsWith(ConversationKey.Group) ? true : null, Reports: draft.Reports ? null : false,
            Erased: message.IsGone ? true : null,
            Epoch: EpochView.Of(message.Epoch),
            System: draft.IsSystem ? true : null)
        {
            ReplyTo = QuoteView.Of(draft.Quote),
            Thread = ThreadPlaceView.Of(draft),
            Replies = ThreadView.Of(message.Replies),
            Mentions = draft.Mentions.Count > 0 ? draft.Mentions : null,
            MentionsAll = draft.MentionsAll ? true : null,
            Custom = JsonObjectText.Read(draft.Custom),
            Silent = draft.Silent ? true : null,
            Forwarded = draft.Forwarded ? true : null,
        }
        .With(message);
    }

    private MessageEvent With(Message message) => message.State is not { Change: > 0 } state ? this : this with
    {
        Change = state.Change,
        EditedAt = state.EditedAt > 0 ? state.EditedAt : null,
        DeletedAt = state.DeletedAt > 0 ? state.DeletedAt : null,
        DeletedBy = state.DeletedBy.Length > 0 ? state.DeletedBy : null,
        Reactions = ReactionView.Of(state.Reactions, static _ => false),
        PinnedAt = state.PinnedAt > 0 ? state.PinnedAt : null,
        PinnedBy = state is { PinnedAt: > 0, PinnedBy.Length: > 0 } ? state.PinnedBy : null,
    };
}

/// <summary>All reactions to a message with one emoji.</summary>
/// <param name="Users">Login ids of the first, at most five, by time.</param>
/// <param name="Mine">True when the caller is one of them. Else absent, and always in live events.</param>
public sealed record ReactionView(string Emoji, long Count, IReadOnlyList<string> Users, bool? Mine = null)
{
    /// <returns>Null for none.</returns>
    public static IReadOnlyList<ReactionView>? Of(IReadOnlyList<ReactionSummary> reactions, Func<ReactionSummary, bool> isMine) =>
        reactions.Count == 0 ? null : [.. reactions.Select(reaction => new ReactionView(
            reaction.Emoji, reaction.Count, reaction.Users, isMine(reaction) ? true : null))];
}

/// <param name="LastSequence">Sequence of the newest message. It is also the number of messages.</param>
/// <param name="Messages">Newest first.</param>
/// <param name="FirstSequence">
/// The caller does not see messages below this sequence: in a group those from before they joined, and what they have cleared.
/// </param>
/// <param name="Tip">The conversation's tip, see <see cref="SendMessageResponse"/>.</param>
/// <param name="Epochs">Oldest first; the last one is the present one. Absent in conversations from before there were epochs.</param>
/// <param name="LastChange">Number of the last change of a message. Absent when there was none.</param>
public sealed record MessagePage(
    string Conversation, long LastSequence, IReadOnlyList<MessageEvent> Messages, long FirstSequence = 1, string? Tip = null,
    IReadOnlyList<EpochView>? Epochs = null, long? LastChange = null)
{
    /// <summary>
    /// Messages of this page that the caller has deleted for themselves, oldest first: they are left out and no loss. Absent for none.
    /// </summary>
    public IReadOnlyList<long>? HiddenSequences { get; init; }
}
