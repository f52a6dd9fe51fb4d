using Azure;
using Azure.Data.Tables;

namespace Vox.Platform.Storage;

/// <summary>
/// One table, in one storage account or, by project, in several. It is created on first use if the options say so. Queries follow every
/// continuation token.
/// </summary>
public sealed class Table
{
    /// <summary>So many partitions of a page must be wanted: reading 1,000 rows takes about as long as reading twenty partitions.</summary>
    private const int EnoughOfAPage = 20;

    private readonly Part[] parts;
    private readonly ProjectAccounts? accounts;
    private readonly string name;
    private readonly RowSchema? schema;
    private readonly ChangeJournal? journal;

    /// <param name="clients">The table in each account.</param>
    /// <param name="accounts">Tells which account has a project's partitions. Not needed for one account.</param>
    /// <param name="create">Whether to create it on first use.</param>
    /// <param name="name">Without the prefix.</param>
    /// <param name="schema">The shapes that its rows have had; null: only one.</param>
    /// <param name="journal">Notes the changes for backups. Null when there are none of this table.</param>
    public Table(
        IReadOnlyList<TableClient> clients, ProjectAccounts? accounts, bool create, string name, RowSchema? schema, ChangeJournal? journal)
    {
        parts = [.. clients.Select(client => new Part(client, create))];
        (this.accounts, this.name, this.schema, this.journal) = (accounts, name, schema, journal);
    }

    /// <summary>In how many storage accounts the table is.</summary>
    internal int Accounts => parts.Length;

    /// <summary>The table where this partition is.</summary>
    public ValueTask<TableClient> ReadyAsync(string partition, CancellationToken cancellationToken) =>
        parts.Length == 1 ? parts[0].ReadyAsync() : FindPartAsync(partition, cancellationToken);

    /// <summary>Every write goes through here.</summary>
    private async Task<T> WriteAsync<T>(
        string partition, bool deletes, Func<TableClient, Task<T>> write, CancellationToken cancellationToken)
    {
        if (journal is null)
        {
            return await write(await ReadyAsync(partition, cancellationToken));
        }

        var note = journal.Begin(name, partition, deletes);
        try
        {
            return await write(await ReadyAsync(partition, cancellationToken));
        }
        finally
        {
            // Also after a failure: the write may have happened and its answer may be lost.
            await note.DoneAsync();
        }
    }

    private async ValueTask<TableClient> FindPartAsync(string partition, CancellationToken cancellationToken) =>
        await parts[await accounts!.OfAsync(partition, cancellationToken)].ReadyAsync();

    public async Task<TableEntity?> FindAsync(string partition, string row, CancellationToken cancellationToken)
    {
        var table = await ReadyAsync(partition, cancellationToken);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellationToken);
        return found.HasValue ? Upgraded(found.Value!) : null;
    }

    /// <summary>The rows of a query in key order, at most <paramref name="take"/>. Empty pages do not end it.</summary>
    public async Task<List<TableEntity>> QueryAsync(
        FormattableString filter, int take, CancellationToken cancellationToken, IEnumerable<string>? select = null)
    {
        var rows = new List<TableEntity>(Math.Min(take, 1_000));
        await foreach (var row in EnumerateAsync(filter, Math.Min(take, 1_000), cancellationToken, select))
        {
            rows.Add(row);
            if (rows.Count == take)
            {
                break;
            }
        }

        return rows;
    }

    public async IAsyncEnumerable<TableEntity> EnumerateAsync(
        FormattableString filter, int pageSize,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken, IEnumerable<string>? select = null)
    {
        // One account answers a query of one project's partitions. Any other query goes to all accounts, one after the other.
        IReadOnlyList<TableClient> tables = parts.Length > 1 && PartitionOf(filter) is not { }
            ? await Task.WhenAll(parts.Select(part => part.ReadyAsync().AsTask()))
            : [await ReadyAsync(PartitionOf(filter) ?? "", cancellationToken)];
        foreach (var table in tables)
        {
            await foreach (var row in table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter(filter), pageSize, select, cancellationToken))
            {
                // Some columns alone do not tell the shape, and nobody makes a record of them.
                yield return select is null ? Upgraded(row) : row;
            }
        }
    }

    /// <summary>Up to 1,000 rows of one account as they are stored, for work that goes through all of them.</summary>
    /// <param name="next">What the page before said; null: the first page.</param>
    internal async Task<(IReadOnlyList<TableEntity> Rows, string? Next)> ReadPageAsync(
        int account, string? next, CancellationToken cancellationToken, FormattableString? filter = null)
    {
        var table = await parts[account].ReadyAsync();
        var wanted = filter is null ? null : TableClient.CreateQueryFilter(filter);
        await foreach (var page in table.QueryAsync<TableEntity>(wanted, 1_000, null, cancellationToken).AsPages(next, 1_000))
        {
            return (page.Values, string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
        }

        return ([], null);
    }

    /// <summary>Brings a row to the newest shape, in the table.</summary>
    /// <returns>False when it has changed or gone since it was read.</returns>
    internal async Task<bool> TryUpgradeAsync(TableEntity row, CancellationToken cancellationToken)
    {
        var read = row.ETag;
        return schema?.Upgrade(row) is true && await TryReplaceAsync(row, read, cancellationToken) is not null;
    }

    private TableEntity Upgraded(TableEntity row)
    {
        schema?.Upgrade(row);
        return row;
    }

    /// <summary>
    /// For rows that are written as a whole. A change of some columns must not claim that the others have the newest shape.
    /// </summary>
    private TableEntity Stamped(TableEntity row) => schema?.Stamp(row) ?? row;

    /// <summary>
    /// The rows of many partitions. Where these lie close together, whole stretches of the table are read, 1,000 rows in a request: the
    /// table cannot be asked for several partitions. It ends where too few of the rows are wanted; there, the caller reads one by one.
    /// </summary>
    /// <param name="partitions">In key order, all of one project.</param>
    /// <returns>The rows, and how many of the partitions were read, from the first.</returns>
    public async Task<(List<TableEntity> Rows, int Read)> ReadStretchesAsync(
        IReadOnlyList<string> partitions, CancellationToken cancellationToken)
    {
        var (rows, read) = (new List<TableEntity>(), 0);
        if (partitions.Count == 0)
        {
            return (rows, 0);
        }

        var wanted = partitions.ToHashSet(StringComparer.Ordinal);
        var table = await ReadyAsync(partitions[0], cancellationToken);
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {partitions[0]} and PartitionKey le {partitions[^1]}");
        await foreach (var page in table.QueryAsync<TableEntity>(filter, 1_000, cancellationToken: cancellationToken).AsPages())
        {
            rows.AddRange(page.Values.Where(row => wanted.Contains(row.PartitionKey)).Select(Upgraded));
            if (page.ContinuationToken is null)
            {
                return (rows, partitions.Count);
            }

            if (page.Values is not [.., var last])
            {
                continue;
            }

            // The partition of the last row may go on.
            var before = read;
            while (read < partitions.Count && string.CompareOrdinal(partitions[read], last.PartitionKey) < 0)
            {
                read++;
            }

            if (read - before < EnoughOfAPage)
            {
                break;
            }
        }

        if (read < partitions.Count)
        {
            rows.RemoveAll(row => string.CompareOrdinal(row.PartitionKey, partitions[read]) >= 0);
        }

        return (rows, read);
    }

    /// <summary>The partition that a filter begins with, or the first partition of a project's range.</summary>
    private static string? PartitionOf(FormattableString filter) =>
        filter.Format.StartsWith("PartitionKey ", StringComparison.Ordinal) && filter.GetArgument(0) is string partition ? partition : null;

    /// <returns>The new version, or null when the row exists already.</returns>
    public async Task<RowVersion?> TryAddAsync(TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            return (await WriteAsync(
                row.PartitionKey, false, table => table.AddEntityAsync(Stamped(row), cancellationToken), cancellationToken)).Headers.ETag;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return null;
        }
    }

    /// <returns>The new version, or null when the row has changed or gone since <paramref name="expected"/>.</returns>
    public async Task<RowVersion?> TryReplaceAsync(TableEntity row, RowVersion expected, CancellationToken cancellationToken)
    {
        try
        {
            return (await WriteAsync(
                row.PartitionKey, false,
                table => table.UpdateEntityAsync(Stamped(row), expected, TableUpdateMode.Replace, cancellationToken),
                cancellationToken)).Headers.ETag;
        }
        catch (RequestFailedException e) when (e.Status is 412 or 404)
        {
            return null;
        }
    }

    /// <summary>Changes only the named columns.</summary>
    /// <returns>The new version, or null when the row has changed or gone since <paramref name="expected"/>.</returns>
    public async Task<RowVersion?> TryMergeAsync(TableEntity row, RowVersion expected, CancellationToken cancellationToken)
    {
        try
        {
            return (await WriteAsync(
                row.PartitionKey, false, table => table.UpdateEntityAsync(row, expected, TableUpdateMode.Merge, cancellationToken),
                cancellationToken)).Headers.ETag;
        }
        catch (RequestFailedException e) when (e.Status is 412 or 404)
        {
            return null;
        }
    }

    public Task UpsertAsync(TableEntity row, CancellationToken cancellationToken) => WriteAsync(
        row.PartitionKey, false, table => table.UpsertEntityAsync(Stamped(row), TableUpdateMode.Replace, cancellationToken),
        cancellationToken);

    /// <summary>Deletes a row whatever its version; a row that is not there is no error.</summary>
    public Task DeleteAsync(string partition, string row, CancellationToken cancellationToken) => WriteAsync(
        partition, true, table => table.DeleteEntityAsync(partition, row, ETag.All, cancellationToken), cancellationToken);

    /// <summary>Deletes a row as it was read; if it has changed or gone since, nothing happens.</summary>
    /// <returns>True only for the caller who deleted it: of several who try at once, one.</returns>
    public async Task<bool> TryDeleteAsync(string partition, string row, RowVersion expected, CancellationToken cancellationToken)
    {
        try
        {
            // The SDK does not throw for a row that is gone: it hands back the 404.
            using var response = await WriteAsync(
                partition, true, table => table.DeleteEntityAsync(partition, row, expected, cancellationToken), cancellationToken);
            return response.Status == 204;
        }
        catch (RequestFailedException e) when (e.Status is 412 or 404)
        {
            return false;
        }
    }

    /// <summary>One entity-group transaction: all or nothing, one partition, at most 100 rows and 4 MB.</summary>
    /// <returns>The answer about the first row. The others are not read, because that would cost as much as all the rest.</returns>
    public async Task<Response> SubmitAsync(List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        Stamp(actions);
        return await WriteAllAsync(actions, async table =>
        {
            using var first = FirstAnswer.Only();
            return (await table.SubmitTransactionAsync(actions, cancellationToken)).Value[0];
        }, cancellationToken);
    }

    /// <summary>The same.</summary>
    /// <returns>The answers about all rows.</returns>
    public async Task<IReadOnlyList<Response>> SubmitForAllAsync(List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        Stamp(actions);
        return (await WriteAllAsync(
            actions, table => table.SubmitTransactionAsync(actions, cancellationToken), cancellationToken)).Value;
    }

    private Task<T> WriteAllAsync<T>(
        List<TableTransactionAction> actions, Func<TableClient, Task<T>> write, CancellationToken cancellationToken) => WriteAsync(
        actions[0].Entity.PartitionKey, actions.Exists(action => action.ActionType == TableTransactionActionType.Delete), write,
        cancellationToken);

    private void Stamp(List<TableTransactionAction> actions)
    {
        foreach (var action in actions)
        {
            if (action.ActionType is TableTransactionActionType.Add or TableTransactionActionType.UpdateReplace
                or TableTransactionActionType.UpsertReplace && action.Entity is TableEntity row)
            {
                Stamped(row);
            }
        }
    }

    /// <summary>Deletes all rows of the partitions from the first up to, but not including, the second. Can be repeated.</summary>
    public Task DeleteRangeAsync(string from, string to, CancellationToken cancellationToken) =>
        DeleteAllAsync($"PartitionKey ge {from} and PartitionKey lt {to}", cancellationToken);

    /// <summary>Deletes all rows that match a filter, in batches. Can be repeated.</summary>
    public async Task DeleteAllAsync(FormattableString filter, CancellationToken cancellationToken)
    {
        var batch = new List<TableTransactionAction>(100);
        await foreach (var row in EnumerateAsync(filter, 1_000, cancellationToken, ["PartitionKey", "RowKey"]))
        {
            if (batch.Count == 100 || (batch.Count > 0 && batch[0].Entity.PartitionKey != row.PartitionKey))
            {
                await DeleteBatchAsync(batch, cancellationToken);
            }

            batch.Add(new(TableTransactionActionType.Delete, row, ETag.All));
        }

        if (batch.Count > 0)
        {
            await DeleteBatchAsync(batch, cancellationToken);
        }
    }

    private async Task DeleteBatchAsync(List<TableTransactionAction> batch, CancellationToken cancellationToken)
    {
        try
        {
            await SubmitAsync(batch, cancellationToken);
        }
        catch (TableTransactionFailedException e) when (e.Status == 404)
        {
            // Somebody else is deleting as well: delete one by one, where a missing row is no error.
            foreach (var action in batch)
            {
                await DeleteAsync(action.Entity.PartitionKey, action.Entity.RowKey, cancellationToken);
            }
        }

        batch.Clear();
    }

    /// <summary>The table in one account.</summary>
    private sealed class Part(TableClient client, bool create)
    {
        private Task? creation;

        public async ValueTask<TableClient> ReadyAsync()
        {
            if (!create)
            {
                return client;
            }

            var running = Volatile.Read(ref creation);
            if (running is null)
            {
                // Not cancelled with the first caller: others wait for the same creation.
                var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                running = Interlocked.CompareExchange(ref creation, mine.Task, null);
                if (running is null)
                {
                    try
                    {
                        await client.CreateIfNotExistsAsync(CancellationToken.None);
                        mine.SetResult();
                    }
                    catch (Exception e)
                    {
                        // The next caller tries again.
                        Volatile.Write(ref creation, null);
                        mine.SetException(e);
                    }

                    running = mine.Task;
                }
            }

            if (!running.IsCompletedSuccessfully)
            {
                await running;
            }

            return client;
        }
    }
}
