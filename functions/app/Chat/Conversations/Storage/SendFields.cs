using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>What a transaction changes besides the head and its messages.</summary>
/// <param name="Mentioned">By login id: the member's unread mentions, see <see cref="GroupMember.Mentioned"/>.</param>
/// <param name="Quoted">Versions of the rows that the messages quote, by sequence.</param>
public sealed record CommitExtras(
    IReadOnlyDictionary<string, IReadOnlyList<long>> Mentioned, IReadOnlyDictionary<long, RowVersion> Quoted)
{
    /// <summary>Threads that get replies, by the sequence of the message that they begin with: its version, and its new summary.</summary>
    public IReadOnlyDictionary<long, (RowVersion Version, ThreadSummary Summary)> Threads { get; init; } =
        new Dictionary<long, (RowVersion, ThreadSummary)>();

    public static CommitExtras None { get; } = new(
        new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal), new Dictionary<long, RowVersion>());
}

/// <summary>
/// Replies, mentions and their rights, looked up for a batch after its head is known. Whatever is found holds when the transaction commits:
/// changes of members change the head, and a quoted row must still be the one that was read.
/// </summary>
/// <param name="members">By login id; null for nobody.</param>
/// <param name="quoted">By sequence; null for no message.</param>
/// <param name="states">Between two users: by the uid of those who reply.</param>
internal sealed class SendFields(
    ConversationKey key, IReadOnlyDictionary<string, GroupMember?> members, IReadOnlyDictionary<long, QuotedMessage?> quoted,
    IReadOnlyDictionary<string, PersonalState> states)
{
    /// <summary>A plain message needs none of this, and so no request.</summary>
    public static bool IsNeeded(Append append) =>
        append.Draft is { ReplyTo: > 0 } or { Thread: > 0 } or { MentionsAll: true } or { Mentions.Count: > 0 };

    /// <summary>
    /// One request for each quoted message, each mentioned member of a group, and each sender who replies or mentions; all at once.
    /// </summary>
    public static async Task<SendFields> ReadAsync(
        ConversationKey key, IReadOnlyCollection<Append> batch, GroupStore groups, QuoteStore quotes, PersonalStateStore personal)
    {
        var wanted = batch.Where(IsNeeded).Select(append => append.Draft).ToList();
        var names = key.IsGroup
            ? wanted.SelectMany(draft => draft.Mentions.Append(draft.From)).Distinct(StringComparer.Ordinal)
            : [];
        var finding = names.Select(async name =>
            (name, Member: await groups.FindInConversationAsync(key, name, CancellationToken.None))).ToList();
        var reading = wanted.SelectMany(draft => (long[])[draft.ReplyTo, draft.Thread]).Where(sequence => sequence > 0).Distinct()
            .Select(async sequence => (sequence, Message: await quotes.FindAsync(key, sequence, CancellationToken.None))).ToList();
        var states = wanted.Where(draft => draft is { ReplyTo: > 0 } or { Thread: > 0 } && !key.IsGroup).Select(draft => draft.FromUid)
            .Distinct(StringComparer.Ordinal).Select(async uid => (uid, State: await personal.FindAsync(key, uid, CancellationToken.None)))
                .ToList();
        return new SendFields(
            key, (await Task.WhenAll(finding)).ToDictionary(found => found.name, found => found.Member, StringComparer.Ordinal),
            (await Task.WhenAll(reading)).ToDictionary(found => found.sequence, found => found.Message),
            (await Task.WhenAll(states)).ToDictionary(found => found.uid, found => found.State, StringComparer.Ordinal));
    }

    /// <summary>Why a send is refused; null when it is not.</summary>
    public VoxException? Refusal(Append append)
    {
        var draft = append.Draft;
        if ((Refusal(append, draft.Thread, "thread") ?? Refusal(append, draft.ReplyTo, "replyTo")) is { } refusal)
        {
            return refusal;
        }

        if (draft.Thread > 0 && quoted[draft.Thread]!.Message.Draft.Thread > 0)
        {
            return new VoxException(
                Errors.InvalidField, "The message that thread names is in a thread itself: name the one that the thread begins with.",
                "thread");
        }

        if (draft.Mentions.FirstOrDefault(name => members.GetValueOrDefault(name) is not { Left: false }) is { } stranger)
        {
            return new VoxException(
                Errors.MemberNotFound, $"mentions names “{stranger}”, who is not a member of the group.", "mentions");
        }

        return draft.MentionsAll && !draft.IsSystem && !(members.GetValueOrDefault(draft.From)?.Role >= append.Target.MentionsAllFrom)
            ? new VoxException(Errors.NotAllowed, "Only admins and the owner of the group may mention everybody here.", "mentionsAll")
            : null;
    }

    private VoxException? Refusal(Append append, long sequence, string field) =>
        sequence == 0 ? null
        : quoted.GetValueOrDefault(sequence) is not { Message: var message } || !Sees(append, sequence)
            ? new VoxException(
                Errors.MessageNotFound, $"You see no message with the sequence in {field} in this conversation.", field)
        : message.IsGone ? new VoxException(Errors.MessageDeleted, $"The message that {field} names was deleted.", field)
        : null;

    /// <summary>How many replies a thread has.</summary>
    public long RepliesIn(long thread) => quoted.GetValueOrDefault(thread)?.Message.Replies.Count ?? 0;

    /// <summary>The draft with what it quotes.</summary>
    public MessageDraft Complete(MessageDraft draft) =>
        draft.ReplyTo > 0 && quoted.GetValueOrDefault(draft.ReplyTo) is { } found
            ? draft with { Quote = Quote.Of(found.Message) }
            : draft;

    public CommitExtras Extras(IReadOnlyList<Message> messages)
    {
        var mentioned = new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal);
        foreach (var name in messages.SelectMany(message => message.Draft.Mentions).Distinct(StringComparer.Ordinal))
        {
            if (members[name] is { } member)
            {
                mentioned[name] = member.WithMentions(
                    messages.Where(message => message.Draft.From != name && message.Draft.Mentions.Contains(name, StringComparer.Ordinal))
                        .Select(message => message.Sequence));
            }
        }

        return new CommitExtras(
            mentioned,
            messages.Where(message => message.Draft.ReplyTo > 0).Select(message => message.Draft.ReplyTo).Distinct()
                .ToDictionary(sequence => sequence, sequence => quoted[sequence]!.Version))
        {
            Threads = messages.Where(message => message.Draft.Thread > 0).GroupBy(message => message.Draft.Thread).ToDictionary(
                replies => replies.Key,
                replies => (quoted[replies.Key]!.Version, replies.Aggregate(
                    quoted[replies.Key]!.Message.Replies, static (summary, reply) => summary.With(reply)))),
        };
    }

    /// <summary>In a group, members may not see what was sent before they joined.</summary>
    private bool Sees(Append append, long sequence) => key.IsGroup
        ? members.GetValueOrDefault(append.Draft.From) is { } member && member.Mark.State.Sees(sequence)
            && (append.Target.SeesAll || member.JoinedSequence < sequence)
        : states.GetValueOrDefault(append.Draft.FromUid, PersonalState.None).Sees(sequence);
}
