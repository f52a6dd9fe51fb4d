using Vox.Chat.Conversations.Storage;

namespace Vox.Chat.Conversations.Messages;

/// <summary>
/// A restore of the conversation from a backup. A client that knows an earlier epoch forgets what it has after
/// <paramref name="LastSequence"/>: these sequences are given again, to other messages.
/// </summary>
/// <param name="Epoch">The epoch that began then.</param>
/// <param name="LastSequence">The last message that was restored.</param>
public sealed record EpochView(long Epoch, long LastSequence)
{
    /// <summary>Null when there is nothing to say: the conversation is as it began.</summary>
    public static IReadOnlyList<EpochView>? Of(ConversationHead head) =>
        head.Epochs.Count > 0 ? [.. head.Epochs.Select(epoch => new EpochView(epoch.Epoch, epoch.LastSequence))] : null;

    public static long? Of(long epoch) => epoch > 0 ? epoch : null;
}
