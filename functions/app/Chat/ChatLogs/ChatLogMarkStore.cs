using System.Diagnostics;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.ChatLogs;

/// <summary>
/// Table <c>logwriters</c>: which processes are between storing and logging, and in which conversations. A mark is written before a process
/// stores its first message in a conversation, so that nothing it leaves behind is forgotten.
/// </summary>
public sealed class ChatLogMarkStore(StorageClients storage)
{
    private readonly Table table = storage.Table("logwriters");

    public async Task AddWriterAsync(string writerId, DateTimeOffset now, long loggedThrough, CancellationToken cancellationToken) =>
        await table.UpsertAsync(Writer(writerId, now, loggedThrough), cancellationToken);

    /// <returns>False when the writer was taken for dead and its marks were removed.</returns>
    public async Task<bool> SayAliveAsync(string writerId, DateTimeOffset now, long loggedThrough, CancellationToken cancellationToken) =>
        await table.TryReplaceAsync(Writer(writerId, now, loggedThrough), Azure.ETag.All, cancellationToken) is not null;

    public async Task MarkAsync(string writerId, ConversationKey conversation, CancellationToken cancellationToken) =>
        await table.UpsertAsync(
            new TableEntity(ChatKeys.LogWriter(writerId), ChatKeys.LogMark(conversation.ProjectId, conversation.Id))
            {
                ["Project"] = conversation.ProjectId,
                ["Conversation"] = conversation.Id,
            },
            cancellationToken);

    public async Task<List<LogWriterRow>> ListWritersAsync(CancellationToken cancellationToken)
    {
        var writers = new List<LogWriterRow>();
        await foreach (var row in table.EnumerateAsync($"PartitionKey eq {ChatKeys.LogWriters}", 1_000, cancellationToken))
        {
            writers.Add(new LogWriterRow(
                row.RowKey, row.GetString("Machine"), row.GetInt32("ProcessId") ?? 0, row.GetDateTimeOffset("SeenAt") ?? default,
                row.GetInt64("LoggedThrough") ?? 0));
        }

        return writers;
    }

    public async Task<List<ConversationKey>> ListMarksAsync(string writerId, CancellationToken cancellationToken)
    {
        var marks = new List<ConversationKey>();
        await foreach (var row in table.EnumerateAsync($"PartitionKey eq {ChatKeys.LogWriter(writerId)}", 1_000, cancellationToken))
        {
            marks.Add(new ConversationKey(row.GetString("Project"), row.GetString("Conversation")));
        }

        return marks;
    }

    /// <summary>Forgets a writer, its marks first: if this is cut off in between, the rest is found again.</summary>
    public async Task RemoveAsync(string writerId, CancellationToken cancellationToken)
    {
        var partition = ChatKeys.LogWriter(writerId);
        foreach (var marks in (await ListMarksAsync(writerId, cancellationToken)).Chunk(100))
        {
            var deletions = marks.Select(mark => new TableTransactionAction(
                TableTransactionActionType.Delete,
                new TableEntity(partition, ChatKeys.LogMark(mark.ProjectId, mark.Id)) { ETag = Azure.ETag.All }));
            try
            {
                await table.SubmitAsync([.. deletions], cancellationToken);
            }
            catch (TableTransactionFailedException e) when (e.Status == 404)
            {
                // Another process is doing the same.
                return;
            }
        }

        await table.DeleteAsync(ChatKeys.LogWriters, writerId, cancellationToken);
    }

    private static TableEntity Writer(string writerId, DateTimeOffset now, long loggedThrough) => new(ChatKeys.LogWriters, writerId)
    {
        ["Machine"] = Environment.MachineName,
        ["ProcessId"] = Environment.ProcessId,
        ["SeenAt"] = now,
        ["LoggedThrough"] = loggedThrough,
    };

    /// <summary>Whether a writer of this very machine has ended: then there is no need to wait until it has been silent for long.</summary>
    public static bool HasEnded(LogWriterRow writer)
    {
        if (writer.Machine != Environment.MachineName || writer.ProcessId == Environment.ProcessId)
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(writer.ProcessId);
            return process.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
