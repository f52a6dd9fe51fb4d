using System.Text.Json;
using Azure.Data.Tables;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Scheduled;

/// <summary>A note that a message is due.</summary>
/// <param name="Row">Its key: the earliest first.</param>
public sealed record ScheduledDue(string ProjectId, string Uid, string Id, string Row);

/// <summary>
/// Table <c>scheduled</c>: a partition for each user. Partition <c>due</c> says which messages are due when. A note may be left from an
/// earlier time or a deleted message: it is compared with the message itself.
/// </summary>
public sealed class ScheduledStore(StorageClients storage)
{
    private readonly Table table = storage.Table("scheduled");

    /// <summary>The note comes first, so that no message is ever forgotten.</summary>
    /// <returns>False when there is one with this id.</returns>
    public async Task<bool> TryAddAsync(ScheduledMessage message, CancellationToken cancellationToken)
    {
        await NoteAsync(message, cancellationToken);
        return await table.TryAddAsync(ToRow(message), cancellationToken) is not null;
    }

    public async Task<ScheduledMessage?> FindAsync(string projectId, string uid, string id, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.Scheduled(projectId, uid), id, cancellationToken) is { } row ? FromRow(row) : null;

    /// <summary>The next one first.</summary>
    public async Task<List<ScheduledMessage>> ListAsync(string projectId, string uid, CancellationToken cancellationToken)
    {
        var all = (await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.Scheduled(projectId, uid)}", int.MaxValue, cancellationToken)).ConvertAll(FromRow);
        return [.. all.OrderBy(message => message.SendAt).ThenBy(message => message.Id, StringComparer.Ordinal)];
    }

    /// <summary>Stores a change on condition that nobody else was faster.</summary>
    /// <returns>Null when somebody was.</returns>
    public async Task<ScheduledMessage?> TrySaveAsync(
        ScheduledMessage before, ScheduledMessage after, CancellationToken cancellationToken)
    {
        var waits = after.State == ScheduledState.Waiting && (after.SendAt != before.SendAt || before.State != ScheduledState.Waiting);
        if (waits)
        {
            await NoteAsync(after, cancellationToken);
        }

        if (await table.TryReplaceAsync(ToRow(after), before.Version!.Value, cancellationToken) is not { } version)
        {
            return null;
        }

        if (after.SendAt != before.SendAt || after.State == ScheduledState.Failed)
        {
            await table.DeleteAsync(ChatKeys.ScheduledDue, DueOf(before), cancellationToken);
        }

        return after with { Version = version };
    }

    /// <returns>False when it has changed since it was read.</returns>
    public async Task<bool> TryRemoveAsync(ScheduledMessage message, CancellationToken cancellationToken)
    {
        if (!await table.TryDeleteAsync(
            ChatKeys.Scheduled(message.ProjectId, message.Sender.Uid), message.Id, message.Version!.Value, cancellationToken))
        {
            return false;
        }

        await EndDueAsync(DueOf(message), cancellationToken);
        return true;
    }

    /// <summary>Removes everything of a user.</summary>
    public async Task RemoveAllAsync(string projectId, string uid, CancellationToken cancellationToken)
    {
        foreach (var message in await ListAsync(projectId, uid, cancellationToken))
        {
            await EndDueAsync(DueOf(message), cancellationToken);
            await table.DeleteAsync(ChatKeys.Scheduled(projectId, uid), message.Id, cancellationToken);
        }
    }

    /// <summary>All messages of a project.</summary>
    public IAsyncEnumerable<ScheduledMessage> OfProjectAsync(string projectId, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        return table.EnumerateAsync($"PartitionKey ge {from} and PartitionKey lt {to}", 1_000, cancellationToken).Select(FromRow);
    }

    /// <summary>Some of those that are due, the longest overdue first.</summary>
    public async Task<List<ScheduledDue>> DueAsync(DateTimeOffset now, int take, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.ScheduledDue} and RowKey lt {ChatKeys.DueText(now.AddMilliseconds(1))}", take, cancellationToken))
            .ConvertAll(row => new ScheduledDue(row.GetString("ProjectId"), row.GetString("Uid"), row.GetString("Id"), row.RowKey));

    public Task EndDueAsync(string dueRow, CancellationToken cancellationToken) =>
        table.DeleteAsync(ChatKeys.ScheduledDue, dueRow, cancellationToken);

    public static string DueOf(ScheduledMessage message) =>
        ChatKeys.ScheduledDueRow(message.SendAt, message.ProjectId, message.Sender.Uid, message.Id);

    private Task NoteAsync(ScheduledMessage message, CancellationToken cancellationToken) => table.UpsertAsync(
        new TableEntity(ChatKeys.ScheduledDue, DueOf(message))
        {
            ["ProjectId"] = message.ProjectId,
            ["Uid"] = message.Sender.Uid,
            ["Id"] = message.Id,
        },
        cancellationToken);

    private static TableEntity ToRow(ScheduledMessage message) => new(
        ChatKeys.Scheduled(message.ProjectId, message.Sender.Uid), message.Id)
    {
        ["Login"] = message.Sender.LoginId,
        ["SendAt"] = message.SendAt,
        ["CreatedAt"] = message.CreatedAt,
        ["State"] = message.State.ToString(),
        ["Reason"] = message.Reason,
        ["To"] = message.Message.To,

        // By itself: with the marks of JSON a long text might not fit into one column.
        ["Data"] = message.Message.Data,
        ["Message"] = JsonSerializer.Serialize(message.Message with { To = null, Data = null }, MessageJson.Wire.SendMessageRequest),
    };

    private static ScheduledMessage FromRow(TableEntity row)
    {
        var split = row.PartitionKey.LastIndexOf('|');
        return new(
            row.PartitionKey[..split], new Sender(row.GetString("Login"), row.PartitionKey[(split + 1)..]), row.RowKey,
            row.GetDateTimeOffset("SendAt") ?? default, row.GetDateTimeOffset("CreatedAt") ?? default,
            JsonSerializer.Deserialize(row.GetString("Message"), MessageJson.Wire.SendMessageRequest)! with
            {
                To = row.GetString("To"),
                Data = row.GetString("Data"),
            },
            Enum.Parse<ScheduledState>(row.GetString("State")), row.GetString("Reason"), row.ETag);
    }
}
