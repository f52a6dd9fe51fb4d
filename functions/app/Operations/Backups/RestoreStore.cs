using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Operations.Backups;

/// <summary>Writes rows from a backup into the tables.</summary>
public sealed class RestoreStore(StorageClients storage, BackupBlobs blobs)
{
    private const int Parallel = 16;
    private const int MaxRows = 100;
    private const int MaxBytes = 2_000_000;

    /// <summary>The first table that has a row which a backup would have; null when there is none. Signing keys do not count.</summary>
    internal async Task<string?> FindRowAsync(CancellationToken cancellationToken)
    {
        foreach (var (_, name, client) in await storage.BackedUpTablesAsync(cancellationToken))
        {
            if (name == "keys")
            {
                continue;
            }

            await foreach (var _ in client.QueryAsync<TableEntity>((string?)null, 1, ["RowKey"], cancellationToken))
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>Restores one segment. It can be repeated.</summary>
    /// <param name="only">Whether a table is wanted.</param>
    /// <param name="goesOn">Called for each row; false: somebody else restores now, and nothing more may be written.</param>
    /// <returns>How many rows it has.</returns>
    /// <exception cref="InvalidDataException">The segment is damaged.</exception>
    /// <exception cref="InvalidOperationException">A project is in a storage account that the settings do not name.</exception>
    /// <exception cref="OperationCanceledException">It must not go on.</exception>
    internal async Task<long> ApplyAsync(
        string segment, Func<string, bool> only, Func<ValueTask<bool>> goesOn, CancellationToken cancellationToken)
    {
        // One partition always goes through the same channel, so its changes stay in order.
        var channels = Enumerable.Range(0, Parallel)
            .Select(_ => Channel.CreateBounded<BatchRows>(new BoundedChannelOptions(2) { SingleReader = true })).ToArray();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = channels.Select(async channel =>
        {
            try
            {
                await foreach (var batch in channel.Reader.ReadAllAsync(stop.Token))
                {
                    await ApplyAsync(batch, stop.Token);
                }
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }).ToArray();
        try
        {
            return await ReadAsync(segment, Wanted, batch =>
                channels[(uint)string.GetHashCode(batch.Partition, StringComparison.Ordinal) % Parallel].Writer
                    .WriteAsync(batch, stop.Token), stop.Token);
        }
        finally
        {
            Array.ForEach(channels, channel => channel.Writer.TryComplete());

            // If one of them failed, its exception is the reason for all others.
            await Task.WhenAll(writing);
        }

        async ValueTask<bool> Wanted(string table)
        {
            if (!await goesOn())
            {
                // Also what waits to be written.
                await stop.CancelAsync();
            }

            stop.Token.ThrowIfCancellationRequested();
            return only(table);
        }
    }

    private async Task<long> ReadAsync(
        string segment, Func<string, ValueTask<bool>> wanted, Func<BatchRows, ValueTask> apply, CancellationToken cancellationToken)
    {
        await using var stored = await blobs.OpenAsync(segment, cancellationToken);
        await using var unzipped = new GZipStream(stored, CompressionMode.Decompress);
        using var lines = new StreamReader(unzipped, Encoding.UTF8);
        var (rows, ended) = (0L, false);
        BatchRows? batch = null;
        while (!ended && await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.TryGetProperty("rows", out var count))
            {
                ended = count.GetInt64() == rows ? true : throw Damaged(segment);
                continue;
            }

            var (table, partition) = (root.GetProperty("t").GetString()!, root.GetProperty("p").GetString()!);
            var whole = root.TryGetProperty("whole", out _);
            rows += whole ? 0 : 1;
            if (!await wanted(table))
            {
                continue;
            }

            if (batch is not null && (whole || !batch.Takes(table, partition)))
            {
                await apply(batch);
                batch = null;
            }

            batch ??= new BatchRows(table, partition, whole);
            if (!whole && !batch.TryAdd(BackupRows.Read(root), line.Length))
            {
                // The same row twice: the second one counts.
                await apply(batch);
                batch = new BatchRows(table, partition, false);
                batch.TryAdd(BackupRows.Read(root), line.Length);
            }
        }

        if (!ended)
        {
            throw Damaged(segment);
        }

        if (batch is not null)
        {
            await apply(batch);
        }

        return rows;
    }

    private async Task ApplyAsync(BatchRows batch, CancellationToken cancellationToken)
    {
        var table = BackupTables.IsHome(batch.Table) ? storage.Table(batch.Table) : storage.ProjectTable(batch.Table);
        if (batch.Whole)
        {
            await table.DeleteAllAsync($"PartitionKey eq {batch.Partition}", cancellationToken);
        }

        if (batch.Table == "projects")
        {
            batch.Rows.ForEach(CheckAccount);
        }

        if (batch.Rows.Count > 0)
        {
            await table.SubmitAsync(
                batch.Rows.ConvertAll(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)), cancellationToken);
        }
    }

    /// <summary>
    /// With fewer accounts than before, the project's rows would be in another one than its row says. They would be lost as soon as an
    /// account is added.
    /// </summary>
    private void CheckAccount(TableEntity project)
    {
        if (project.GetInt32(ProjectAccounts.Column) is { } account && account >= storage.Accounts.Count)
        {
            throw new InvalidOperationException(
                $"Project {project.PartitionKey} is in the storage account with the number {account} (the first is 0), and the "
                + $"settings name {storage.Accounts.Count} in all: add further ones to Storage__ProjectAccounts. "
                + "The accounts must be empty, so begin again with other ones.");
        }
    }

    private static InvalidDataException Damaged(string segment) => new($"The file {segment} of the backup is damaged: it ends too early.");

    private sealed class BatchRows(string table, string partition, bool whole)
    {
        private readonly HashSet<string> keys = new(StringComparer.Ordinal);
        private int bytes;

        public string Table => table;

        public string Partition => partition;

        public bool Whole => whole;

        public List<TableEntity> Rows { get; } = [];

        public bool Takes(string otherTable, string otherPartition) =>
            table == otherTable && partition == otherPartition && Rows.Count < MaxRows && bytes < MaxBytes;

        public bool TryAdd(TableEntity row, int size)
        {
            if (!keys.Add(row.RowKey))
            {
                return false;
            }

            Rows.Add(row);
            bytes += size;
            return true;
        }
    }
}
