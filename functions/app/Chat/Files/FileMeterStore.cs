using Vox.Chat.Model;
using Azure;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Chat.Files;

/// <summary>What the last fold has left of a project.</summary>
/// <param name="Bytes">The bytes that the project had then.</param>
/// <param name="HasOld">Whether files were counted before there were shards.</param>
public sealed record FileMeterFolded(long Bytes, bool HasOld);

/// <summary>
/// Table <c>filemeter</c>. A project has eight partitions, the shards. Each user belongs to one of them. It has a total, and a row per
/// user, per open upload, per counted file, and per day with what was stored at its end. The project's own partition has the same rows of
/// files from before there were shards, and what the shards were folded into.
/// </summary>
public sealed class FileMeterStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("filemeter");

    /// <param name="row">The total's or a user's.</param>
    public async Task<FileMeterFigure> FindFigureAsync(string partition, string row, CancellationToken cancellationToken) =>
        await table.FindAsync(partition, row, cancellationToken) is { } found ? FigureOf(found) : new FileMeterFigure(0, null);

    public async Task<CountedFile?> FindFileAsync(string partition, string fileId, CancellationToken cancellationToken) =>
        await table.FindAsync(partition, ChatKeys.MeterFile(fileId), cancellationToken) is { } row
            ? new CountedFile(row.GetString("Uid") ?? "", BytesOf(row), row.ETag)
            : null;

    /// <summary>A shard's total, users and open uploads, at most so many rows.</summary>
    public async Task<Dictionary<string, FileMeterFigure>> ReadFiguresAsync(
        string partition, int take, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {partition} and RowKey ge {ChatKeys.MeterTotal} and RowKey lt {ChatKeys.MeterUsersEnd}", take,
            cancellationToken))
            .ToDictionary(row => row.RowKey, FigureOf, StringComparer.Ordinal);

    /// <summary>Changes the figures and the rows of the files, all or nothing.</summary>
    /// <param name="total">The new total, with the version that it replaces.</param>
    /// <param name="users">Their new bytes, in the same way.</param>
    public async Task<FileMeterOutcome> TryCountAsync(
        string partition, FileMeterFigure total, DateOnly day, IReadOnlyList<FileMeterUser> users,
        IReadOnlyList<FileMeterChange> changes)
    {
        List<TableTransactionAction> actions =
        [
            Write(total.Version, new TableEntity(partition, ChatKeys.MeterTotal) { ["Bytes"] = total.Bytes }),
            .. users.Select(user => Write(
                user.Figure.Version, new TableEntity(partition, ChatKeys.MeterUser(user.Uid)) { ["Bytes"] = user.Figure.Bytes })),

            // The total's version guards it.
            new(TableTransactionActionType.UpsertReplace, new TableEntity(partition, ChatKeys.MeterDay(day)) { ["Stored"] = total.Bytes }),
        ];
        var first = actions.Count;
        List<(FileMeterChange Change, bool IsUpload)> owners = [];
        foreach (var change in changes)
        {
            var file = new TableEntity(partition, ChatKeys.MeterFile(change.FileId));
            owners.Add((change, false));
            if (change.Counted is { } counted)
            {
                actions.Add(new(TableTransactionActionType.Delete, file, counted.Version));
            }
            else
            {
                (file["Bytes"], file["Uid"]) = (change.Difference, change.Uid);
                actions.Add(new(TableTransactionActionType.Add, file));
            }

            if (change.EndsUpload)
            {
                owners.Add((change, true));
                actions.Add(new(
                    TableTransactionActionType.Delete, new TableEntity(partition, ChatKeys.MeterUpload(change.Uid, change.FileId)),
                    ETag.All));
            }
        }

        try
        {
            var answers = await table.SubmitForAllAsync(actions, CancellationToken.None);
            return new FileMeterOutcome(
                [.. answers.Take(1 + users.Count).Select(answer => (RowVersion)answer.Headers.ETag.GetValueOrDefault())], null, false);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return (e as TableTransactionFailedException)?.FailedTransactionActionIndex is { } failed && failed >= first
                ? new FileMeterOutcome(null, owners[failed - first].Change, owners[failed - first].IsUpload)
                : new FileMeterOutcome(null, null, false);
        }
    }

    public Task AnnounceAsync(string projectId, string uid, string fileId, long bytes, CancellationToken cancellationToken) =>
        table.UpsertAsync(
            new TableEntity(ChatKeys.MeterShard(projectId, uid), ChatKeys.MeterUpload(uid, fileId)) { ["Bytes"] = bytes },
            cancellationToken);

    public Task EndAnnouncedAsync(string projectId, string uid, string fileId, CancellationToken cancellationToken) =>
        table.DeleteAsync(ChatKeys.MeterShard(projectId, uid), ChatKeys.MeterUpload(uid, fileId), cancellationToken);

    /// <summary>A user's bytes in their shard, and their open uploads, at most so many.</summary>
    public async Task<(long Bytes, int Uploads, long Announced)> ReadUserAsync(
        string projectId, string uid, int maxUploads, CancellationToken cancellationToken)
    {
        var user = ChatKeys.MeterUser(uid);
        var rows = await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.MeterShard(projectId, uid)} and RowKey ge {user} and RowKey lt {user + "}"}", maxUploads + 1,
            cancellationToken, ["RowKey", "Bytes"]);
        var uploads = rows.Where(row => row.RowKey != user).ToList();
        return (BytesOf(rows.Find(row => row.RowKey == user)), uploads.Count, uploads.Sum(BytesOf));
    }

    public async Task<FileMeterFolded> ReadFoldedAsync(string projectId, CancellationToken cancellationToken)
    {
        // Two rows that stand beside each other.
        var rows = await table.QueryAsync(
            $"PartitionKey eq {projectId} and RowKey ge {ChatKeys.MeterFolded} and RowKey le {ChatKeys.MeterTotal}", 2, cancellationToken);
        var old = rows.Find(row => row.RowKey == ChatKeys.MeterTotal);
        return rows.Find(row => row.RowKey == ChatKeys.MeterFolded) is { } folded
            ? new FileMeterFolded(BytesOf(folded), old is not null)
            : new FileMeterFolded(BytesOf(old), old is not null);
    }

    /// <summary>The bytes in all shards, now.</summary>
    public async Task<long> SumAsync(string projectId, CancellationToken cancellationToken)
    {
        var totals = await Task.WhenAll(
            Partitions(projectId).Select(part => table.FindAsync(part, ChatKeys.MeterTotal, cancellationToken)));
        return totals.Sum(BytesOf);
    }

    /// <summary>What was stored at the end of a day, as it was folded. A day without changes shows what the last one has left.</summary>
    public async Task<long> StoredAsync(string projectId, DateOnly day, CancellationToken cancellationToken)
    {
        foreach (var (from, end) in new[]
        {
            (ChatKeys.MeterFoldedDay(day), ChatKeys.MeterFoldedDaysEnd), (ChatKeys.MeterDay(day), ChatKeys.MeterDaysEnd),
        })
        {
            // The second, from before there were shards, counts on until the first fold.
            if (await table.QueryAsync(
                $"PartitionKey eq {projectId} and RowKey ge {from} and RowKey lt {end}", 1, cancellationToken) is [var row])
            {
                return row.GetInt64("Stored") ?? 0;
            }
        }

        return 0;
    }

    /// <summary>Adds up what the shards had at the end of each of these days, and notes it.</summary>
    /// <param name="from">At most 98 days before <paramref name="to"/>: a transaction has room for 99.</param>
    /// <returns>The bytes at the end of each day.</returns>
    public async Task<IReadOnlyList<long>> FoldAsync(
        string projectId, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        while (true)
        {
            // This comes first: if somebody else folds meanwhile, they may have seen more.
            var before = await table.FindAsync(projectId, ChatKeys.MeterFolded, cancellationToken);
            var shards = await Task.WhenAll(Partitions(projectId).Select(part => table.QueryAsync(
                $"PartitionKey eq {part} and RowKey ge {ChatKeys.MeterDay(to)} and RowKey lt {ChatKeys.MeterDaysEnd}",
                to.DayNumber - from.DayNumber + 2, cancellationToken, ["RowKey", "Stored"])));
            var days = new List<TableTransactionAction>();
            var sums = new List<long>();
            for (var day = from; day <= to; day = day.AddDays(1))
            {
                var key = ChatKeys.MeterDay(day);
                var stored = shards.Sum(rows => rows.Find(row => string.CompareOrdinal(row.RowKey, key) >= 0)?.GetInt64("Stored") ?? 0);
                sums.Add(stored);
                days.Add(new(
                    TableTransactionActionType.UpsertReplace,
                    new TableEntity(projectId, ChatKeys.MeterFoldedDay(day)) { ["Stored"] = stored }));
            }

            var folded = new TableEntity(projectId, ChatKeys.MeterFolded) { ["Bytes"] = sums[^1] };
            try
            {
                await table.SubmitAsync(
                    [before is null ? new(TableTransactionActionType.Add, folded)
                        : new(TableTransactionActionType.UpdateReplace, folded, before.ETag), .. days],
                    cancellationToken);
                return sums;
            }
            catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
            {
                // Somebody else has folded it at the same time.
            }
        }
    }

    /// <summary>The shards of a project, and the partition from before there were any.</summary>
    private static IEnumerable<string> Partitions(string projectId) =>
        Enumerable.Range(0, ChatKeys.MeterShards).Select(shard => ChatKeys.MeterShard(projectId, shard)).Prepend(projectId);

    private static TableTransactionAction Write(RowVersion? before, TableEntity row) => before is { } version
        ? new(TableTransactionActionType.UpdateReplace, row, version)
        : new(TableTransactionActionType.Add, row);

    private static FileMeterFigure FigureOf(TableEntity row) => new(BytesOf(row), row.ETag);

    private static long BytesOf(TableEntity? row) => row?.GetInt64("Bytes") ?? 0;
}
