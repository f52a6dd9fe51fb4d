using System.Globalization;
using Azure.Data.Tables;
using Vox.Chat.Devices;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Push;

/// <summary>What was sent, in table <c>devices</c> beside the project's keys: a row for each process and day. It names no user.</summary>
public sealed class PushCountStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("devices");

    /// <summary>Writes the whole counts of a process, not a difference. So they stay right when written twice.</summary>
    public Task SetAsync(
        string projectId, string process, DateOnly day, IReadOnlyCollection<PushDay> counts, IReadOnlyCollection<PushFailure> failures,
        CancellationToken cancellationToken)
    {
        var row = new TableEntity(ChatKeys.PushKeys(projectId), ChatKeys.PushCounts(day, process));
        foreach (var count in counts)
        {
            row[$"{count.Kind}Sent"] = count.Sent;
            row[$"{count.Kind}Failed"] = count.Failed;
            row[$"{count.Kind}Removed"] = count.Removed;
        }

        foreach (var failure in failures)
        {
            row[$"{failure.Kind}Reason"] = failure.Reason;
            row[$"{failure.Kind}FailedAt"] = failure.At;
        }

        return table.UpsertAsync(row, cancellationToken);
    }

    /// <summary>The days since the first, added up over all processes, oldest first, and the last failure of each kind.</summary>
    public async Task<(List<PushDay> Days, List<PushFailure> Failures)> ReadAsync(
        string projectId, DateOnly first, CancellationToken cancellationToken)
    {
        var days = new SortedDictionary<(DateOnly, DeviceKind), PushDay>();
        var failures = new SortedDictionary<DeviceKind, PushFailure>();
        var from = ChatKeys.PushCounts(first, "");
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey eq {ChatKeys.PushKeys(projectId)} and RowKey ge {from} and RowKey lt {ChatKeys.PushCountsTo}", 1_000,
            cancellationToken))
        {
            var day = DateOnly.ParseExact(row.RowKey.Split('|')[1], "yyyy-MM-dd", CultureInfo.InvariantCulture);
            foreach (var kind in Enum.GetValues<DeviceKind>())
            {
                var sum = days.GetValueOrDefault((day, kind)) ?? new(day, kind, 0, 0, 0);
                days[(day, kind)] = new(
                    day, kind, sum.Sent + (row.GetInt64($"{kind}Sent") ?? 0), sum.Failed + (row.GetInt64($"{kind}Failed") ?? 0),
                    sum.Removed + (row.GetInt64($"{kind}Removed") ?? 0));
                if (row.GetDateTimeOffset($"{kind}FailedAt") is { } at && !(at <= failures.GetValueOrDefault(kind)?.At))
                {
                    failures[kind] = new(kind, row.GetString($"{kind}Reason") ?? "", at);
                }
            }
        }

        return ([.. days.Values.Where(day => day.Sent + day.Failed + day.Removed > 0)], [.. failures.Values]);
    }

    /// <summary>Removes the counts of the days before.</summary>
    public async Task ForgetAsync(string projectId, DateOnly before, CancellationToken cancellationToken)
    {
        var to = ChatKeys.PushCounts(before, "");
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey eq {ChatKeys.PushKeys(projectId)} and RowKey ge {ChatKeys.PushCountsFrom} and RowKey lt {to}", 1_000,
            cancellationToken, ["PartitionKey", "RowKey"]))
        {
            await table.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
        }
    }
}
