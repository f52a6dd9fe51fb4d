using Microsoft.Extensions.Logging;
using Vox.Chat.ChatLogs;
using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Storage;

/// <summary>What a feature does when a message with files was deleted for everyone. Runs more than once for the same message.</summary>
public interface IDeletedMessageStep
{
    /// <param name="files">Storage keys of the file and the thumbnail.</param>
    /// <param name="fromUid">Who had sent them.</param>
    Task DeletedAsync(ConversationKey conversation, IReadOnlyList<string> files, string fromUid, CancellationToken cancellationToken);
}

/// <summary>
/// What has to follow an edit or a deletion: the log shows the present text, and files and reactions of a deleted message go. It is done
/// behind the answer. The conversation is marked before the change is stored, so the repair of the log does what a process that ends
/// leaves behind. Everything can be repeated.
/// </summary>
public sealed partial class ChangeFollowUp(
    ChangeStore changes, QuoteStore quotes, ChatLogChangeStore log, ChatLogWriter writer, IEnumerable<IDeletedMessageStep> steps,
    TimeProvider time, ILogger<ChangeFollowUp> logger) : IChangedConversations
{
    /// <summary>A message that has no row in the log for so long after it was sent is not logged.</summary>
    private static readonly TimeSpan UntilLogged = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan[] Tries = [.. new[] { 50, 250, 1_000, 2_000 }.Select(static ms => TimeSpan.FromMilliseconds(ms))];

    /// <summary>Does it in the background.</summary>
    /// <param name="work">Counts it until it is done.</param>
    /// <param name="mark">Under which the repair finds the conversation.</param>
    internal void Begin(ConversationKey key, IReadOnlyList<MessageChange> made, UnloggedWork.Period work, LogMark mark)
    {
        work.Add();
        writer.Follow(key.ProjectId, Task.Run(async () =>
        {
            try
            {
                await FollowAsync(key, made, mark);
            }
            finally
            {
                work.Done();
            }
        }));
    }

    public Task<List<MessageChange>> ReadSinceAsync(ConversationKey key, long at, CancellationToken cancellationToken) =>
        changes.ReadSinceAsync(key, at, cancellationToken);

    private async Task FollowAsync(ConversationKey key, IReadOnlyList<MessageChange> made, LogMark mark)
    {
        try
        {
            foreach (var wait in Tries)
            {
                // What this process has not logged yet would be logged with the old text.
                await writer.DrainAsync(key.ProjectId);
                if (await FollowAsync(key, made, CancellationToken.None))
                {
                    return;
                }

                // By the real clock: another process is about to log the message.
                await Task.Delay(wait);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Failed(e, key.Id);
        }

        writer.Abandon(mark);
    }

    public async Task<bool> FollowAsync(ConversationKey key, IReadOnlyList<MessageChange> made, CancellationToken cancellationToken)
    {
        var complete = true;
        var wanted = made.Where(change => change.Kind is ChangeKind.Edited or ChangeKind.Deleted).ToList();
        foreach (var message in await changes.ReadMessagesAsync(key, wanted.Select(change => change.Sequence), cancellationToken))
        {
            if (!message.IsErased && !await log.ApplyAsync(key, message, cancellationToken))
            {
                complete &= time.GetUtcNow().ToUnixTimeMilliseconds() - message.SentAt > UntilLogged.TotalMilliseconds;
            }
        }

        foreach (var deletion in wanted.Where(change => change.Kind == ChangeKind.Deleted))
        {
            await quotes.EmptyAsync(key, deletion.Sequence, cancellationToken);
            await changes.RemoveReactionsAsync(key, deletion.Sequence, cancellationToken);
            if (await changes.FindFilesAsync(key, deletion.Number, cancellationToken) is var (files, from))
            {
                foreach (var step in steps)
                {
                    await step.DeletedAsync(key, files, from, cancellationToken);
                }

                await changes.ForgetFilesAsync(key, deletion.Number, cancellationToken);
            }
        }

        return complete;
    }

    [LoggerMessage(2010, LogLevel.Warning, "What follows changes of conversation {Conversation} is left to the repair")]
    private partial void Failed(Exception exception, string conversation);
}
