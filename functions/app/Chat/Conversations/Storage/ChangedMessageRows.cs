using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>A message while the changes of one transaction are applied to it.</summary>
internal sealed class ChangedMessageRows(TableEntity row)
{
    private readonly RowVersion version = row.ETag;
    private readonly HashSet<string> columns = new(StringComparer.Ordinal);

    public TableEntity Row => row;

    /// <summary>As it was read.</summary>
    public RowVersion Version => version;

    public bool IsChanged => columns.Count > 0;

    /// <summary>Whether earlier texts of it were stored before this transaction.</summary>
    public bool HadVersions { get; } = row.GetBoolean("Versions") == true;

    public bool IsGone => row.GetString("Erased") is not null || IsDeleted;

    public bool IsDeleted => row.GetInt64("DeletedAt") > 0;

    public bool IsPinned => row.GetInt64("PinnedAt") > 0;

    public long SentAt => row.GetInt64("SentAt") ?? 0;

    public long Edits => row.GetInt64("Edits") ?? 0;

    public Message Message => ConversationRows.Message(row);

    public bool IsBy(string uid) => row.GetString("FromUid") == uid;

    public void Set(string column, object value)
    {
        row[column] = value;
        columns.Add(column);
    }

    /// <summary>
    /// Receipts write their times into the row without the head, so only what has changed is merged. A deletion leaves nothing of the
    /// other columns. Either way the row must be as it was read: an erasure does not change the head.
    /// </summary>
    /// <returns>Null when nothing has changed.</returns>
    public TableTransactionAction? Action()
    {
        if (columns.Count == 0)
        {
            return null;
        }

        if (IsDeleted)
        {
            return new(TableTransactionActionType.UpdateReplace, ChangeRows.Deleted(row), version);
        }

        var change = new TableEntity(row.PartitionKey, row.RowKey);
        foreach (var column in columns)
        {
            change[column] = row[column];
        }

        return new(TableTransactionActionType.UpdateMerge, change, version);
    }

    /// <summary>For an edit, a reaction or a pin.</summary>
    /// <exception cref="VoxException">message_deleted</exception>
    public void CheckIsThere()
    {
        if (IsGone)
        {
            throw new VoxException(Errors.MessageDeleted, "The message was deleted: nothing about it can be changed any more.", "sequence");
        }
    }
}
