using Vox.Chat.Model;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Chat.Usage;

/// <summary>What a project's users did on one day.</summary>
public sealed record UsageDay(DateOnly Day, long Messages, long Bytes, int ActiveUsers);

/// <summary>Table <c>usage</c>: in a partition per project and day, a row of counts per process and a row per active user.</summary>
public sealed class UsageStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("usage");

    /// <summary>Writes the whole counts of a process, not a difference. So they stay right when written twice.</summary>
    public Task SetCountsAsync(
        string projectId, DateOnly day, string process, long messages, long bytes, CancellationToken cancellationToken) =>
        table.UpsertAsync(
            new TableEntity(ChatKeys.Usage(projectId, day), "c|" + process) { ["Messages"] = messages, ["Bytes"] = bytes },
            cancellationToken);

    public Task AddUserAsync(string projectId, DateOnly day, string userDigest, CancellationToken cancellationToken) =>
        table.UpsertAsync(new TableEntity(ChatKeys.Usage(projectId, day), "u|" + userDigest), cancellationToken);

    /// <summary>
    /// Takes a user out of the days on which they were active. Somebody without a name takes their place, so the numbers stay the same:
    /// they are charged.
    /// </summary>
    public async Task<long> ForgetUserAsync(string projectId, string userDigest, string instead, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        var days = 0L;
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey ge {from} and PartitionKey lt {to} and RowKey eq {"u|" + userDigest}", 1_000, cancellationToken))
        {
            try
            {
                await table.SubmitAsync(
                    [
                        new(TableTransactionActionType.UpsertReplace, new TableEntity(row.PartitionKey, "u|" + instead)),
                        new(TableTransactionActionType.Delete, row, Azure.ETag.All),
                    ],
                    cancellationToken);
                days++;
            }
            catch (TableTransactionFailedException e) when (e.Status == 404)
            {
                // Another process has done the same.
            }
        }

        return days;
    }

    /// <summary>The days from the first to the last, inclusive. Days without any use are left out.</summary>
    public async Task<List<UsageDay>> ReadAsync(string projectId, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var days = new SortedDictionary<DateOnly, (long Messages, long Bytes, int Users)>();
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey ge {ChatKeys.Usage(projectId, from)} and PartitionKey le {ChatKeys.Usage(projectId, to)}", 1_000,
            cancellationToken))
        {
            var day = DateOnly.ParseExact(row.PartitionKey[(row.PartitionKey.IndexOf('|', StringComparison.Ordinal) + 1)..], "yyyy-MM-dd");
            var sum = days.GetValueOrDefault(day);
            days[day] = row.RowKey.StartsWith("c|", StringComparison.Ordinal)
                ? (sum.Messages + (row.GetInt64("Messages") ?? 0), sum.Bytes + (row.GetInt64("Bytes") ?? 0), sum.Users)
                : (sum.Messages, sum.Bytes, sum.Users + 1);
        }

        return [.. days.Select(day => new UsageDay(day.Key, day.Value.Messages, day.Value.Bytes, day.Value.Users))];
    }

    /// <summary>The bytes of a day's messages.</summary>
    public async Task<long> BytesOfAsync(string projectId, DateOnly day, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.Usage(projectId, day)} and RowKey ge {"c|"} and RowKey lt {"c}"}", int.MaxValue,
            cancellationToken, ["Bytes"]))
            .Sum(row => row.GetInt64("Bytes") ?? 0);

    /// <summary>All bytes of messages up to a day, inclusive.</summary>
    public async Task<long> BytesUntilAsync(string projectId, DateOnly day, CancellationToken cancellationToken)
    {
        long bytes = 0;
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey ge {Keys.ProjectRange(projectId).From} and PartitionKey le {ChatKeys.Usage(
                projectId, day)} and RowKey ge {"c|"} and RowKey lt {"c}"}",
            1_000, cancellationToken, ["Bytes"]))
        {
            bytes += row.GetInt64("Bytes") ?? 0;
        }

        return bytes;
    }
}
