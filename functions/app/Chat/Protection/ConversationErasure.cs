using Vox.Chat.ChatLogs;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Files;
using Vox.Chat.Holds;
using Vox.Chat.Model;

namespace Vox.Chat.Protection;

/// <summary>Erases a conversation: its texts, the files that were sent to it, and its rows in the log.</summary>
public sealed class ConversationErasure(
    ConversationErasureStore messages, ConversationStore conversations, ConversationHolds conversationHolds, ChatLogErasureStore log,
    HoldStore holds, FileStore files, FileRemoval removal)
{
    public async Task<bool> IsHeldAsync(Erasure erasure, CancellationToken cancellationToken) => await conversationHolds.IsHeldAsync(
        await holds.ReadAsync(erasure.ProjectId, cancellationToken), Key(erasure), cancellationToken);

    /// <summary>Erases the texts up to a sequence with their files, not the log.</summary>
    public async Task<(long Messages, long Files)> EraseTextsAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var removed = 0L;
        var emptied = await messages.EraseAllAsync(
            Key(erasure), await LastAsync(erasure, cancellationToken), erasure.Id,
            async file => removed += await RemoveFileAsync(erasure, file, cancellationToken) ? 1 : 0, cancellationToken);
        return (emptied, removed);
    }

    public async Task<Erasure> EraseAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var (emptied, removed) = await EraseTextsAsync(erasure, cancellationToken);
        var last = await LastAsync(erasure, cancellationToken);
        var logged = await log.EraseAsync(
            new LogErasure(
                erasure.ProjectId, erasure.Id, "", "", erasure.Subject,
                (_, sequences) => Task.FromResult<(IReadOnlySet<long>, bool)>(
                    (sequences.Where(sequence => sequence <= last).ToHashSet(), false))),
            "", (_, _) => true, cancellationToken);
        return erasure with
        {
            Counts = erasure.Counts with { Messages = emptied, LogRows = logged, Files = erasure.Counts.Files + removed },
        };
    }

    /// <summary>
    /// A file that was sent here first goes, unless it was also sent elsewhere. One that was forwarded to here stays where it was.
    /// </summary>
    private async Task<bool> RemoveFileAsync(Erasure erasure, NamedFile named, CancellationToken cancellationToken)
    {
        var (projectId, id) = (erasure.ProjectId, ChatKeys.FileId(erasure.ProjectId, named.Key));
        if (await files.FindAsync(projectId, id, cancellationToken) is not { } file)
        {
            return false;
        }

        var elsewhere = (await files.ForwardsAsync(file, cancellationToken)).Any(forward => forward.ConversationId != erasure.Subject);
        if (file.OwnerUid != named.FromUid || elsewhere || (file.ConversationId.Length > 0 && file.ConversationId != erasure.Subject))
        {
            await files.RemoveForwardAsync(projectId, id, erasure.Subject, cancellationToken);
            return false;
        }

        return await removal.RemoveFileAsync(projectId, file.OwnerUid, id, cancellationToken);
    }

    /// <summary>
    /// The last message that was asked for. After a restore of an older state the same sequences are given again, to messages that nobody
    /// has asked to erase: they lie behind the end that was restored.
    /// </summary>
    private async Task<long> LastAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var head = await conversations.FindHeadAsync(Key(erasure), cancellationToken);
        return (head?.Epochs ?? [])
            .Where(epoch => epoch.Epoch > erasure.RequestedAt.ToUnixTimeSeconds())
            .Select(epoch => epoch.LastSequence)
            .Append(erasure.LastSequence)
            .Min();
    }

    private static ConversationKey Key(Erasure erasure) => new(erasure.ProjectId, erasure.Subject);
}
