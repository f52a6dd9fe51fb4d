using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>A send that waits for its transaction.</summary>
public sealed class Append(ConversationTarget target, MessageDraft draft) : LaneItem
{
    public ConversationTarget Target { get; } = target;

    public MessageDraft Draft { get; } = draft;

    public TaskCompletionSource<SentMessage> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>200 characters of text, a name and two keys, at their longest.</summary>
    private const int QuoteBytes = 8_000;

    /// <summary>The unread mentions of a member, and what else their row has in a request.</summary>
    internal const int MentionBytes = 4_000;

    /// <summary>Of five users who replied, at their longest, and the rows around them.</summary>
    private const int ThreadBytes = 12_000;

    /// <summary>
    /// The message and its first result; the row that finds it in its thread, and the message that the thread begins with; the members
    /// that it mentions and the message that it quotes. In a group a message may also change its sender's row.
    /// </summary>
    protected override int Rows =>
        (Target.Key.IsGroup ? 3 : 2) + Draft.Mentions.Count + (Draft.ReplyTo > 0 ? 1 : 0) + (Draft.Thread > 0 ? 2 : 0);

    protected override int Bytes => 4_000 + JsonSize.Of(Draft.Data) + JsonSize.Of(Draft.Thumbnail) + JsonSize.Of(Draft.From)
        + JsonSize.Of(Draft.To) + JsonSize.Of(Draft.ContentType) + (2 * JsonSize.Of(Draft.Custom))
        + Draft.Mentions.Sum(static name => MentionBytes + JsonSize.Of(name)) + (Draft.ReplyTo > 0 ? QuoteBytes : 0)
        + (Draft.Thread > 0 ? ThreadBytes : 0);

    /// <param name="tip">See <see cref="SentMessage.Tip"/>.</param>
    public void Succeed(Message message, bool duplicate, string? tip = null) =>
        Done.TrySetResult(new SentMessage(Target.Key.Id, message, duplicate, tip));

    public override void Fail(Exception reason) => Done.TrySetException(reason);
}
