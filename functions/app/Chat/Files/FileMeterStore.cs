using Vox.Chat.Model;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Files;

/// <summary>A project's storage on one day (UTC), in bytes.</summary>
/// <param name="Stored">Stored at the end of the day, or now.</param>
/// <param name="Peak">The most at any time of the day.</param>
/// <param name="Added">Added during the day.</param>
/// <param name="Removed">Removed during the day.</param>
public sealed record StorageDay(DateOnly Day, long Stored, long Peak, long Added, long Removed);

/// <summary>
/// Counts the bytes that projects and users store: table <c>filemeter</c>, a partition per project with its total, a row per user, per day
/// and per counted file. One transaction changes all of them, and the file's own row says whether it has been counted. So a repetition, a
/// crash or an unanswered request can neither count a file twice nor forget one.
/// </summary>
public sealed class FileMeterStore(StorageClients storage, IOptions<FilesOptions> options, TimeProvider time)
{
    private const int Attempts = 40;

    private readonly Table table = storage.ProjectTable("filemeter");

    /// <summary>A first check, so that nobody uploads a file that would be refused in the end.</summary>
    /// <exception cref="VoxException">quota_exceeded</exception>
    public async Task CheckAsync(string projectId, string uid, long bytes, CancellationToken cancellationToken)
    {
        var rows = await ReadAsync(projectId, uid, "", cancellationToken);
        CheckQuota(BytesOf(rows.Total), BytesOf(rows.User), bytes);
    }

    /// <exception cref="VoxException">quota_exceeded, busy</exception>
    public Task AddAsync(string projectId, string uid, string fileId, long bytes, CancellationToken cancellationToken) =>
        ChangeAsync(projectId, uid, fileId, bytes, cancellationToken);

    public Task RemoveAsync(string projectId, string uid, string fileId, CancellationToken cancellationToken) =>
        ChangeAsync(projectId, uid, fileId, null, cancellationToken);

    /// <summary>The bytes that the project stores now.</summary>
    public async Task<long> TotalAsync(string projectId, CancellationToken cancellationToken) =>
        BytesOf(await table.FindAsync(projectId, ChatKeys.MeterTotal, cancellationToken));

    /// <summary>A day's figures. A day without changes shows what the last change before it left.</summary>
    public async Task<StorageDay> ReadDayAsync(string projectId, DateOnly day, CancellationToken cancellationToken)
    {
        var rows = await table.QueryAsync(
            $"PartitionKey eq {projectId} and RowKey ge {ChatKeys.MeterDay(day)} and RowKey lt {ChatKeys.MeterDaysEnd}", 1,
            cancellationToken);
        if (rows is not [var row])
        {
            return new StorageDay(day, 0, 0, 0, 0);
        }

        var stored = row.GetInt64("Stored") ?? 0;
        return row.RowKey == ChatKeys.MeterDay(day)
            ? new StorageDay(day, stored, row.GetInt64("Peak") ?? 0, row.GetInt64("Added") ?? 0, row.GetInt64("Removed") ?? 0)
            : new StorageDay(day, stored, stored, 0, 0);
    }

    private async Task ChangeAsync(string projectId, string uid, string fileId, long? bytes, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var rows = await ReadAsync(projectId, uid, fileId, cancellationToken);
            if (rows.File is null == bytes is null || (bytes is null && rows.File!.GetString("Uid") != uid))
            {
                return;
            }

            var change = bytes ?? -BytesOf(rows.File);
            if (bytes is not null)
            {
                CheckQuota(BytesOf(rows.Total), BytesOf(rows.User), change);
            }

            try
            {
                await table.SubmitAsync(Transaction(projectId, uid, fileId, rows, change), cancellationToken);
                return;
            }
            catch (RequestFailedException e) when (e.Status is 404 or 409 or 412 && attempt < Attempts)
            {
                // Another file of the project was counted at the same time. Try again from the new figures.
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 10 + (10 * attempt))), cancellationToken);
            }
            catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
            {
                throw new VoxException(Errors.Busy, "Too many files are stored at once: try again shortly.", inner: e);
            }
        }
    }

    private List<TableTransactionAction> Transaction(string projectId, string uid, string fileId, MeterRows rows, long change)
    {
        var total = Math.Max(0, BytesOf(rows.Total) + change);
        var peak = Math.Max(Math.Max(rows.Day?.GetInt64("Peak") ?? 0, BytesOf(rows.Total)), total);
        return
        [
            change >= 0
                ? new(
                    TableTransactionActionType.Add,
                    new TableEntity(projectId, ChatKeys.MeterFile(fileId)) { ["Bytes"] = change, ["Uid"] = uid })
                : new(TableTransactionActionType.Delete, rows.File!, rows.File!.ETag),
            Write(rows.Total, new TableEntity(projectId, ChatKeys.MeterTotal) { ["Bytes"] = total }),
            Write(rows.User, new TableEntity(projectId, ChatKeys.MeterUser(uid)) { ["Bytes"] = Math.Max(0, BytesOf(rows.User) + change) }),
            Write(rows.Day, new TableEntity(projectId, ChatKeys.MeterDay(Today))
            {
                ["Stored"] = total,
                ["Peak"] = peak,
                ["Added"] = (rows.Day?.GetInt64("Added") ?? 0) + Math.Max(0, change),
                ["Removed"] = (rows.Day?.GetInt64("Removed") ?? 0) + Math.Max(0, -change),
            }),
        ];
    }

    private static TableTransactionAction Write(TableEntity? before, TableEntity row) => before is null
        ? new(TableTransactionActionType.Add, row)
        : new(TableTransactionActionType.UpdateReplace, row, before.ETag);

    private void CheckQuota(long project, long user, long bytes)
    {
        if (user + bytes > options.Value.UserQuotaBytes)
        {
            throw new VoxException(
                Errors.QuotaExceeded, $"The user's files may have {options.Value.UserQuotaBytes:N0} bytes together.", "size");
        }

        if (project + bytes > options.Value.ProjectQuotaBytes)
        {
            throw new VoxException(
                Errors.QuotaExceeded, $"The project's files may have {options.Value.ProjectQuotaBytes:N0} bytes together.", "size");
        }
    }

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private async Task<MeterRows> ReadAsync(string projectId, string uid, string fileId, CancellationToken cancellationToken)
    {
        // Four requests at once, each for one row. A single filter over all four would read the whole partition.
        var total = table.FindAsync(projectId, ChatKeys.MeterTotal, cancellationToken);
        var user = table.FindAsync(projectId, ChatKeys.MeterUser(uid), cancellationToken);
        var day = table.FindAsync(projectId, ChatKeys.MeterDay(Today), cancellationToken);
        var file = table.FindAsync(projectId, ChatKeys.MeterFile(fileId), cancellationToken);
        return new MeterRows(await total, await user, await day, await file);
    }

    private static long BytesOf(TableEntity? row) => row?.GetInt64("Bytes") ?? 0;

    private sealed record MeterRows(TableEntity? Total, TableEntity? User, TableEntity? Day, TableEntity? File);
}
