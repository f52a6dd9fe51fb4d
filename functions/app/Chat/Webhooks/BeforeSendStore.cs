using System.Globalization;
using System.Text;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Security;
using Vox.Platform.Storage;

namespace Vox.Chat.Webhooks;

/// <summary>
/// Before-send hooks in table <c>webhooks</c>, at most one for each project, and what was counted: a row for each process and day. Secrets
/// are encrypted.
/// </summary>
public sealed class BeforeSendStore(StorageClients storage, SecretProtector protector)
{
    private readonly Table table = storage.ProjectTable("webhooks");

    public async Task<BeforeSendHook?> FindAsync(string projectId, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.Webhooks(projectId), ChatKeys.BeforeSend, cancellationToken) is { } row
            ? new BeforeSendHook(
                projectId, row.GetString("Url"), Unprotect(projectId, row.GetString("Secret")),
                row.GetString("PreviousSecret") is { } previous ? Unprotect(projectId, previous) : null,
                row.GetDateTimeOffset("PreviousUntil"), row.GetInt32("Milliseconds") ?? 1_000, row.GetBoolean("AllowsOnFailure") ?? true,
                row.ETag)
            : null;

    /// <returns>False when somebody was faster.</returns>
    public async Task<bool> TrySaveAsync(BeforeSendHook hook, CancellationToken cancellationToken)
    {
        var row = new TableEntity(ChatKeys.Webhooks(hook.ProjectId), ChatKeys.BeforeSend)
        {
            ["Url"] = hook.Url,
            ["Secret"] = Protect(hook.ProjectId, hook.Secret),
            ["PreviousSecret"] = hook.PreviousSecret is { } previous ? Protect(hook.ProjectId, previous) : null,
            ["PreviousUntil"] = hook.PreviousUntil,
            ["Milliseconds"] = hook.Milliseconds,
            ["AllowsOnFailure"] = hook.AllowsOnFailure,
        };
        return hook.Version is { } version
            ? await table.TryReplaceAsync(row, version, cancellationToken) is not null
            : await table.TryAddAsync(row, cancellationToken) is not null;
    }

    /// <summary>Removes the hook and what was counted of it.</summary>
    public async Task RemoveAsync(string projectId, CancellationToken cancellationToken)
    {
        await table.DeleteAsync(ChatKeys.Webhooks(projectId), ChatKeys.BeforeSend, cancellationToken);
        await ForgetCountsAsync(projectId, DateOnly.MaxValue, cancellationToken);
    }

    /// <summary>Writes the whole counts of a process, not a difference. So they stay right when written twice.</summary>
    /// <param name="pausedUntil">The process does not ask until then.</param>
    public Task SetCountsAsync(
        string projectId, string process, BeforeSendDay counts, DateTimeOffset? pausedUntil, CancellationToken cancellationToken) =>
        table.UpsertAsync(
            new TableEntity(ChatKeys.Webhooks(projectId), ChatKeys.BeforeSendCounts(counts.Day, process))
            {
                ["Allowed"] = counts.Allowed,
                ["Changed"] = counts.Changed,
                ["Refused"] = counts.Refused,
                ["Failed"] = counts.Failed,
                ["Skipped"] = counts.Skipped,
                ["PausedUntil"] = pausedUntil,
            },
            cancellationToken);

    /// <summary>The days since the first, added up over all processes, and until when one of them does not ask.</summary>
    public async Task<(List<BeforeSendDay> Days, DateTimeOffset? PausedUntil)> CountsAsync(
        string projectId, DateOnly first, CancellationToken cancellationToken)
    {
        var days = new SortedDictionary<DateOnly, BeforeSendDay>();
        DateTimeOffset? paused = null;
        var from = ChatKeys.BeforeSendCounts(first, "");
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey eq {ChatKeys.Webhooks(projectId)} and RowKey ge {from} and RowKey lt {ChatKeys.BeforeSendCountsTo}", 1_000,
            cancellationToken))
        {
            var day = DayOf(row.RowKey);
            var sum = days.GetValueOrDefault(day) ?? new(day, 0, 0, 0, 0, 0);
            days[day] = new(
                day, sum.Allowed + (row.GetInt64("Allowed") ?? 0), sum.Changed + (row.GetInt64("Changed") ?? 0),
                sum.Refused + (row.GetInt64("Refused") ?? 0), sum.Failed + (row.GetInt64("Failed") ?? 0),
                sum.Skipped + (row.GetInt64("Skipped") ?? 0));
            paused = row.GetDateTimeOffset("PausedUntil") is { } until && !(until <= paused) ? until : paused;
        }

        return ([.. days.Values], paused);
    }

    /// <summary>Removes the counts of the days before.</summary>
    public async Task ForgetCountsAsync(string projectId, DateOnly before, CancellationToken cancellationToken)
    {
        var to = ChatKeys.BeforeSendCounts(before, "");
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey eq {ChatKeys.Webhooks(projectId)} and RowKey ge {ChatKeys.BeforeSendCountsFrom} and RowKey lt {to}", 1_000,
            cancellationToken, ["PartitionKey", "RowKey"]))
        {
            await table.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
        }
    }

    /// <summary>Removes the counts of the days before, of all projects.</summary>
    public Task ForgetCountsAsync(DateOnly before, CancellationToken cancellationToken) => table.DeleteAllAsync(
        $"RowKey ge {ChatKeys.BeforeSendCountsFrom} and RowKey lt {ChatKeys.BeforeSendCounts(before, "")}", cancellationToken);

    private static DateOnly DayOf(string rowKey) => DateOnly.ParseExact(rowKey.Split('|')[1], "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string Protect(string projectId, string secret) => protector.Protect(Purpose(projectId), Encoding.UTF8.GetBytes(secret));

    private string Unprotect(string projectId, string text) => Encoding.UTF8.GetString(protector.Unprotect(Purpose(projectId), text));

    private static string Purpose(string projectId) => "before-send|" + projectId;
}
