using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.Storage;

namespace Vox.Chat.ChatLogs;

/// <summary>
/// Makes a project's log anew from its conversations, while nobody sends. It goes on where it stopped. First all messages are collected, in
/// any order; then the log is written.
/// </summary>
public sealed class ChatLogRebuild(ChatLogStore store, ChatLogSortStore sorted, TimeProvider time)
{
    private const int Page = 1_000;
    private const int MaxRows = 100;
    private const int MaxBytes = 3_000_000;

    /// <summary>Whether the message belongs into the log as the project's settings are.</summary>
    public bool Logs(Project project, Message message) => project is { LogEnabled: true, DeletedAt: null } && !message.IsErased
        && message.State.DeletedAt == 0
        && (project.RetentionDays is not { } days || message.SentAt >= time.GetUtcNow().AddDays(-days).ToUnixTimeMilliseconds());

    public Task CollectAsync(
        string projectId, IEnumerable<(string ConversationId, Message Message)> messages, CancellationToken cancellationToken) =>
        sorted.AddAsync(
            projectId,
            messages.Select(item => ChatLogEntry.Of(item.ConversationId, item.Message)),
            cancellationToken);

    /// <summary>Deletes the log that is there.</summary>
    public Task DeleteAsync(string projectId, CancellationToken cancellationToken) => store.DeleteAllAsync(projectId, cancellationToken);

    /// <summary>Writes what was collected behind what is there.</summary>
    /// <param name="goesOn">Asked after each page; false to stop for now.</param>
    /// <returns>How many rows were written, and whether the log is complete.</returns>
    public async Task<(long Written, bool Complete)> WriteAsync(
        string projectId, Func<bool> goesOn, CancellationToken cancellationToken)
    {
        var end = await store.ReadTailAsync(projectId, cancellationToken);
        var last = end.Next == 0
            ? null
            : (await store.ReadRangeAsync(projectId, end.Next - 1, end.Next - 1, new ChatLogFilter(), cancellationToken)).Single();
        var written = 0L;
        while (true)
        {
            var page = await sorted.ReadAsync(projectId, last, Page, cancellationToken);
            for (var from = 0; from < page.Count;)
            {
                if (end.Next % ChatKeys.LogBlockSize == 0)
                {
                    await store.BeginBlockAsync(
                        projectId, ChatLogStore.BlockOf(end.Next), Math.Max(end.LastTime, page[from].LoggedAt), cancellationToken);
                }

                var batch = Take(page, from, end);
                await store.AppendAsync(projectId, batch, cancellationToken);
                end = new(batch[^1].Position + 1, batch[^1].LoggedAt);
                (from, written) = (from + batch.Count, written + batch.Count);
            }

            if (page.Count < Page)
            {
                await sorted.RemoveAsync(projectId, cancellationToken);
                return (written, true);
            }

            last = page[^1];
            if (!goesOn())
            {
                return (written, false);
            }
        }
    }

    /// <summary>As many as one transaction takes, and as fit into the block.</summary>
    private static List<ChatLogEntry> Take(List<ChatLogEntry> page, int from, ChatLogTail end)
    {
        var (batch, bytes) = (new List<ChatLogEntry>(), 0);
        for (var i = from; i < page.Count && batch.Count < MaxRows; i++)
        {
            var position = end.Next + batch.Count;
            bytes += 2_000 + JsonSize.Of(page[i].Data) + JsonSize.Of(page[i].From) + JsonSize.Of(page[i].To);
            if (batch.Count > 0 && (bytes > MaxBytes || position % ChatKeys.LogBlockSize == 0))
            {
                break;
            }

            batch.Add(page[i] with { Position = position });
        }

        return batch;
    }
}
