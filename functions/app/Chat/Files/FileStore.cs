using System.Runtime.CompilerServices;
using Vox.Chat.Model;
using Azure;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Chat.Files;

/// <summary>An upload that the sweep must look after.</summary>
/// <param name="IsAddress">Only an address of the upload has expired; nobody has to go on with the upload.</param>
public sealed record DueUpload(string ProjectId, string FileId, string OwnerUid, bool IsAddress, string Partition, string Row);

/// <summary>
/// Table <c>files</c>: a partition per file, found by its key, with the file and the conversations that it was forwarded to. Table
/// <c>userfiles</c>: the files of each user, for deleting the user. Table <c>uploads</c>: what the sweep must look after, by time. The last
/// two are written first and removed last, so that no file is ever left that neither of them lists.
/// </summary>
public sealed class FileStore(StorageClients storage, FileMeter meter)
{
    private const string Partitions = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

    private readonly Table files = storage.ProjectTable("files");
    private readonly Table owned = storage.ProjectTable("userfiles");
    private readonly Table due = storage.Table("uploads");

    public async Task<StoredFile?> FindAsync(string projectId, string fileId, CancellationToken cancellationToken) =>
        await files.FindAsync(ChatKeys.File(projectId, fileId), ChatKeys.FileRow, cancellationToken) is { } row ? FromRow(row) : null;

    /// <returns>False when there is already a file with that key.</returns>
    public async Task<bool> TryAddAsync(StoredFile file, CancellationToken cancellationToken)
    {
        var owner = ChatKeys.FileOwner(file.ProjectId, file.OwnerUid);
        await Task.WhenAll(
            AddDueAsync(file, file.DueAt, cancellationToken),
            owned.UpsertAsync(new TableEntity(owner, ChatKeys.OwnedFile(file.Id)), cancellationToken),
            meter.AnnounceAsync(file.ProjectId, file.OwnerUid, file.Id, file.Size, cancellationToken));
        return await files.TryAddAsync(ToRow(file), cancellationToken) is not null;
    }

    /// <returns>The file with its new version. Null when it has changed or is gone.</returns>
    public async Task<StoredFile?> TryReplaceAsync(StoredFile file, CancellationToken cancellationToken) =>
        await files.TryReplaceAsync(ToRow(file), file.Version, cancellationToken) is { } version ? file with { Version = version } : null;

    /// <summary>Removes what is known about a file. The file itself first: from then on nobody finds it.</summary>
    /// <returns>True only for the caller who removed it: of several who try at once, one.</returns>
    public async Task<bool> RemoveAsync(string projectId, string fileId, CancellationToken cancellationToken)
    {
        var partition = ChatKeys.File(projectId, fileId);
        var removed = await files.TryDeleteAsync(partition, ChatKeys.FileRow, RowVersion.Any, cancellationToken);
        foreach (var forward in await ForwardsAsync(projectId, fileId, cancellationToken))
        {
            await files.DeleteAsync(partition, ChatKeys.FileForward(forward.ConversationId), cancellationToken);
        }

        return removed;
    }

    public Task ForwardAsync(StoredFile file, FileForward forward, CancellationToken cancellationToken) => files.UpsertAsync(
        new TableEntity(ChatKeys.File(file.ProjectId, file.Id), ChatKeys.FileForward(forward.ConversationId))
        {
            ["Uids"] = string.Join('|', forward.Uids),
        },
        cancellationToken);

    /// <summary>The conversations that the file was forwarded to.</summary>
    public Task<IReadOnlyList<FileForward>> ForwardsAsync(StoredFile file, CancellationToken cancellationToken) =>
        ForwardsAsync(file.ProjectId, file.Id, cancellationToken);

    private async Task<IReadOnlyList<FileForward>> ForwardsAsync(string projectId, string fileId, CancellationToken cancellationToken)
    {
        var forwards = new List<FileForward>();
        await foreach (var row in files.EnumerateAsync(
            $"PartitionKey eq {ChatKeys.File(projectId, fileId)} and RowKey ge {ChatKeys.FileForward("")} and RowKey lt {ChatKeys
                .FileForwardsEnd}",
            1_000, cancellationToken))
        {
            forwards.Add(new FileForward(row.RowKey[2..], (row.GetString("Uids") ?? "").Split('|', StringSplitOptions.RemoveEmptyEntries)));
        }

        return forwards;
    }

    /// <summary>Files of a project that are complete and from before a time, in the order of their ids.</summary>
    /// <param name="after">Only those after this id; empty: from the beginning.</param>
    public async Task<IReadOnlyList<StoredFile>> OlderAsync(
        string projectId, DateTimeOffset before, string after, int take, CancellationToken cancellationToken)
    {
        var (_, to) = Keys.ProjectRange(projectId);
        return (await files.QueryAsync(
            FormattableStringFactory.Create(
                "PartitionKey gt {0} and PartitionKey lt {1} and RowKey eq {2} and CreatedAt lt {3} and State eq {4}",
                ChatKeys.File(projectId, after), to, ChatKeys.FileRow, before, nameof(FileState.Done)),
            take, cancellationToken)).ConvertAll(FromRow);
    }

    /// <summary>Replaces the recipient's login id in a file that was sent to them.</summary>
    public async Task RenameRecipientAsync(
        string projectId, string fileId, string loginId, string instead, CancellationToken cancellationToken)
    {
        var partition = ChatKeys.File(projectId, fileId);
        if (await files.FindAsync(partition, ChatKeys.FileRow, cancellationToken) is { } row && row.GetString("To") == loginId)
        {
            await files.TryMergeAsync(
                new TableEntity(partition, ChatKeys.FileRow) { ["To"] = instead }, row.ETag, cancellationToken);
        }
    }

    /// <summary>The file was sent to a conversation that does not have it any more.</summary>
    public Task RemoveForwardAsync(string projectId, string fileId, string conversationId, CancellationToken cancellationToken) =>
        files.DeleteAsync(ChatKeys.File(projectId, fileId), ChatKeys.FileForward(conversationId), cancellationToken);

    public async Task RemoveOwnedAsync(string projectId, string uid, string fileId, CancellationToken cancellationToken)
    {
        await owned.DeleteAsync(ChatKeys.FileOwner(projectId, uid), ChatKeys.OldPendingFile(fileId), cancellationToken);
        await owned.DeleteAsync(ChatKeys.FileOwner(projectId, uid), ChatKeys.OwnedFile(fileId), cancellationToken);
    }

    /// <summary>Ids of a user's files, at most <paramref name="take"/>.</summary>
    /// <param name="after">Only those after this one.</param>
    public async Task<IReadOnlyList<string>> OwnedAsync(
        string projectId, string uid, int take, CancellationToken cancellationToken, string after = "") =>
        [.. (await owned.QueryAsync(
            $"PartitionKey eq {ChatKeys.FileOwner(
                projectId, uid)} and RowKey gt {ChatKeys.OwnedFile(after)} and RowKey lt {ChatKeys.OwnedFile("}")}",
            take, cancellationToken)).Select(row => row.RowKey[2..])];

    /// <summary>Files of a project as (uid, id), at most <paramref name="take"/>.</summary>
    /// <param name="after">Only those after this one, as <c>uid|id</c>.</param>
    public async Task<IReadOnlyList<(string Uid, string FileId)>> OfProjectAsync(
        string projectId, int take, CancellationToken cancellationToken, string after = "")
    {
        var (from, to) = Keys.ProjectRange(projectId);
        var (first, row) = after.Split('|') is [var uid, var id]
            ? (ChatKeys.FileOwner(projectId, uid), ChatKeys.OwnedFile(id))
            : (from, "");
        var rows = await owned.QueryAsync(
            FormattableStringFactory.Create(
                "PartitionKey ge {0} and PartitionKey lt {1} and RowKey ge {2} and RowKey lt {3} "
                + "and (PartitionKey gt {0} or RowKey gt {4})",
                first, to, ChatKeys.OwnedFile(""), ChatKeys.OwnedFile("}"), row),
            take, cancellationToken);
        return [.. rows.Select(row => (row.PartitionKey[from.Length..], row.RowKey[2..]))];
    }

    /// <param name="isAddress">Only an address expires at that time.</param>
    public Task AddDueAsync(
        StoredFile file, DateTimeOffset time, CancellationToken cancellationToken, bool isAddress = false) => due.UpsertAsync(
        new TableEntity(ChatKeys.UploadDue(file.Id), ChatKeys.UploadDueRow(time, file.ProjectId, file.Id))
        {
            ["ProjectId"] = file.ProjectId,
            ["FileId"] = file.Id,
            ["OwnerUid"] = file.OwnerUid,
            ["IsAddress"] = isAddress,
        },
        cancellationToken);

    public Task RemoveDueAsync(DueUpload upload, CancellationToken cancellationToken) =>
        due.DeleteAsync(upload.Partition, upload.Row, cancellationToken);

    /// <summary>Uploads that are due at that time, the longest overdue first in each partition.</summary>
    public async IAsyncEnumerable<DueUpload> DueAsync(
        DateTimeOffset time, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var partition in Partitions)
        {
            await foreach (var row in due.EnumerateAsync(
                $"PartitionKey eq {partition.ToString()} and RowKey lt {ChatKeys.DueText(time)}", 1_000, cancellationToken))
            {
                yield return new DueUpload(
                    row.GetString("ProjectId"), row.GetString("FileId"), row.GetString("OwnerUid"), row.GetBoolean("IsAddress") ?? false,
                    row.PartitionKey, row.RowKey);
            }
        }
    }

    private static TableEntity ToRow(StoredFile file)
    {
        var row = new TableEntity(ChatKeys.File(file.ProjectId, file.Id), ChatKeys.FileRow)
        {
            ["Key"] = file.Key,
            ["OwnerLoginId"] = file.OwnerLoginId,
            ["OwnerUid"] = file.OwnerUid,
            ["Kind"] = file.Kind.ToString(),
            ["Size"] = file.Size,
            ["ClaimedType"] = file.ContentType,
            ["State"] = file.State.ToString(),
            ["CreatedAt"] = file.CreatedAt,
            ["DueAt"] = file.DueAt,
            ["Attempts"] = file.Attempts,
        };
        if (file.ConversationId.Length > 0)
        {
            row["ConversationId"] = file.ConversationId;
        }

        if (file.Claim is { } claim)
        {
            row["To"] = claim.To;
            row["MessageType"] = (int)claim.Type;
            row["MessageId"] = claim.MessageId;
            row["ThumbnailUrl"] = claim.ThumbnailUrl;
            row["ThumbnailId"] = claim.ThumbnailId;
            row["ClientTime"] = claim.ClientTime;
            row["ClientSequence"] = claim.ClientSequence;
            if (!claim.Reports)
            {
                row["Reports"] = false;
            }

            if (claim.Fields is { } fields)
            {
                row["ReplyTo"] = fields.ReplyTo;
                row["Mentions"] = string.Join('\n', fields.Mentions);
                row["MentionsAll"] = fields.MentionsAll;
                row["Custom"] = fields.Custom;
                row["Silent"] = fields.Silent;
                row["Thread"] = fields.Thread;
            }
        }

        if (file.Content is { } content)
        {
            row["Type"] = (int)content.Type;
            row["ContentType"] = content.ContentType;
            row["Length"] = content.Size;
            row["Width"] = content.Width;
            row["Height"] = content.Height;
            row["ThumbnailType"] = content.ThumbnailType;
            row["PreviewType"] = content.PreviewType;
            row["Reason"] = content.Reason;
        }

        if (file.Refusal is { } refusal)
        {
            row["RefusalCode"] = refusal.Code;
            row["RefusalDetail"] = refusal.Detail;
            row["RefusalField"] = refusal.Field;
        }

        return row;
    }

    private static StoredFile FromRow(TableEntity row)
    {
        var at = row.PartitionKey.IndexOf('|', StringComparison.Ordinal);
        return new StoredFile(
            row.PartitionKey[..at],
            row.PartitionKey[(at + 1)..],
            row.GetString("Key"),
            row.GetString("OwnerLoginId"),
            row.GetString("OwnerUid"),
            Enum.Parse<FileKind>(row.GetString("Kind")),
            row.GetInt64("Size") ?? 0,
            row.GetString("ClaimedType") ?? "",
            Enum.Parse<FileState>(row.GetString("State")),
            row.GetDateTimeOffset("CreatedAt") ?? default,
            row.GetDateTimeOffset("DueAt") ?? default,
            row.GetString("MessageId") is not { } messageId ? null : new FileClaim(
                row.GetString("To") ?? "", (MessageType)(row.GetInt32("MessageType") ?? 0), messageId, row.GetString("ThumbnailUrl") ?? "",
                row.GetString("ThumbnailId") ?? "", row.GetInt64("ClientTime") ?? 0, row.GetInt64("ClientSequence") ?? 0)
            {
                Reports = row.GetBoolean("Reports") ?? true,
                Fields = row.GetInt64("ReplyTo") is not { } replyTo ? null : new FileMessageFields(
                    replyTo, row.GetString("Mentions") is { Length: > 0 } mentions ? mentions.Split('\n') : [],
                    row.GetBoolean("MentionsAll") ?? false, row.GetString("Custom") ?? "", row.GetBoolean("Silent") ?? false)
                {
                    Thread = row.GetInt64("Thread") ?? 0,
                },
            },
            row.GetString("ContentType") is not { } type ? null : new FileContent(
                (MessageType)(row.GetInt32("Type") ?? 0), type, row.GetInt64("Length") ?? 0, row.GetInt32("Width") ?? 0,
                row.GetInt32("Height") ?? 0,
                row.GetString("ThumbnailType") ?? "", row.GetString("PreviewType") ?? "", row.GetString("Reason") ?? ""),
            row.GetString("RefusalCode") is not { } code ? null : new FileRefusal(
                code, row.GetString("RefusalDetail") ?? "", row.GetString("RefusalField") ?? ""),
            row.ETag,
            row.GetInt32("Attempts") ?? 0,
            row.GetString("ConversationId") ?? "");
    }
}
