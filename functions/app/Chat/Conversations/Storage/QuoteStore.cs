using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>A message that is to be quoted.</summary>
/// <param name="Version">Of its row. The reply is stored only while the row is still this one, so no quote outlives what it quotes.</param>
public sealed record QuotedMessage(Message Message, RowVersion Version);

/// <summary>
/// Quotes in table <c>conversations</c>: a reply's row has a copy of what it quotes, so that a page needs no further request. When a
/// message is deleted or erased, the copies of it go as well.
/// </summary>
public sealed class QuoteStore(StorageClients storage)
{
    private const int MaxBatch = 100;

    private readonly Table table = storage.ProjectTable("conversations");

    /// <returns>Null when there is no such message.</returns>
    public async Task<QuotedMessage?> FindAsync(ConversationKey key, long sequence, CancellationToken cancellationToken) =>
        await table.FindAsync(key.Partition, ChatKeys.Message(sequence), cancellationToken) is { } row
            ? new QuotedMessage(ConversationRows.Message(row), row.ETag)
            : null;

    /// <summary>
    /// Empties the quotes of a message that is deleted by now. To be called after the deletion: then nobody can quote it any more. Replies
    /// come after what they quote, so the storage looks through the rows of later messages only. It can be repeated.
    /// </summary>
    /// <returns>How many quotes had something to empty.</returns>
    public Task<int> EmptyAsync(ConversationKey key, long sequence, CancellationToken cancellationToken) => ChangeAsync(
        $"PartitionKey eq {key.Partition} and RowKey ge {"m|"} and RowKey lt {ChatKeys.Message(sequence)} and ReplyTo eq {sequence}",
        Empty, cancellationToken);

    /// <summary>Empties the quotes, in later messages, of all that was erased up to a sequence.</summary>
    /// <returns>How many quotes had something to empty.</returns>
    public Task<int> EmptyUpToAsync(ConversationKey key, long last, CancellationToken cancellationToken) => ChangeAsync(
        FormattableStringFactory.Create(
            "PartitionKey eq {0} and RowKey ge {1} and RowKey lt {2} and ReplyTo ge {3} and ReplyTo le {4}",
            key.Partition, "m|", ChatKeys.Message(last), 1L, last),
        Empty, cancellationToken);

    /// <summary>
    /// Empties the quotes of what a user wrote, and replaces their name in quotes, mentions and summaries of threads. To be called when
    /// their messages are erased.
    /// </summary>
    /// <returns>How many messages of others it changed.</returns>
    internal Task<int> EraseUserAsync(ConversationKey key, ErasedUser user, CancellationToken cancellationToken) => ChangeAsync(
        FormattableStringFactory.Create(
            "PartitionKey eq {0} and RowKey ge {1} and RowKey lt {2} and (ReplyFromUid eq {3} or Mentions gt {4} or Repliers gt {4})",
            key.Partition, "m|", ChatKeys.MessagesEnd, user.Uid, ""),
        row =>
        {
            var change = row.GetString("ReplyFromUid") == user.Uid ? Empty(row) : null;
            if (row.GetString("ReplyFromUid") == user.Uid && row.GetString("ReplyFrom") != user.Pseudonym)
            {
                (change ??= new TableEntity(row.PartitionKey, row.RowKey))["ReplyFrom"] = user.Pseudonym;
            }

            var mentions = SendFieldRows.ReadMentions(row.GetString("Mentions"));
            if (user.LoginId.Length > 0 && mentions.Contains(user.LoginId, StringComparer.Ordinal))
            {
                (change ??= new TableEntity(row.PartitionKey, row.RowKey))["Mentions"] = SendFieldRows.WriteMentions(
                    mentions.Select(id => id == user.LoginId ? user.Pseudonym : id));
            }

            var repliers = ThreadRows.ReadUsers(row.GetString(ThreadRows.Repliers));
            if (repliers.Any(replier => replier.Uid == user.Uid && replier.LoginId != user.Pseudonym))
            {
                (change ??= new TableEntity(row.PartitionKey, row.RowKey))[ThreadRows.Repliers] = ThreadRows.WriteUsers(
                    repliers.Select(replier => replier.Uid == user.Uid ? replier with { LoginId = user.Pseudonym } : replier));
            }

            return change;
        },
        cancellationToken);

    /// <returns>Null when it is empty already.</returns>
    private static TableEntity? Empty(TableEntity row)
    {
        if (row.GetString("ReplyData") is not { Length: > 0 } && row.GetString("ReplyThumbnail") is not { Length: > 0 })
        {
            return null;
        }

        // Merging removes no column: an empty text takes the place.
        return new TableEntity(row.PartitionKey, row.RowKey) { ["ReplyData"] = "", ["ReplyThumbnail"] = "" };
    }

    private async Task<int> ChangeAsync(
        FormattableString filter, Func<TableEntity, TableEntity?> change, CancellationToken cancellationToken)
    {
        var (changed, batch) = (0, new List<TableTransactionAction>(MaxBatch));
        await foreach (var row in table.EnumerateAsync(filter, 1_000, cancellationToken))
        {
            if (change(row) is { } merge)
            {
                changed++;
                batch.Add(new(TableTransactionActionType.UpdateMerge, merge, ETag.All));
            }

            if (batch.Count == MaxBatch)
            {
                await SubmitAsync(batch, cancellationToken);
                batch.Clear();
            }
        }

        if (batch.Count > 0)
        {
            await SubmitAsync(batch, cancellationToken);
        }

        return changed;
    }

    private async Task SubmitAsync(List<TableTransactionAction> batch, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitAsync(batch, cancellationToken);
        }
        catch (TableTransactionFailedException e) when (e.Status == 404)
        {
            // The project is being deleted: what is gone has no quotes.
        }
    }
}
