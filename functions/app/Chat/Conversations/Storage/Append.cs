using System.Diagnostics;
using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Storage;

/// <summary>A send that waits for its transaction.</summary>
public sealed class Append(ConversationTarget target, MessageDraft draft)
{
    public ConversationTarget Target { get; } = target;

    public MessageDraft Draft { get; } = draft;

    /// <summary>The sender's span. The commit of the whole batch is linked to it.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    public TaskCompletionSource<SentMessage> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="tip">See <see cref="SentMessage.Tip"/>.</param>
    public void Succeed(Message message, bool duplicate, string? tip = null) =>
        Done.TrySetResult(new SentMessage(Target.Key.Id, message, duplicate, tip));
}
