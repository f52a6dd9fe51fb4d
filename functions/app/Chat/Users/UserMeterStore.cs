using Azure;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Users;

/// <summary>How many users a project has.</summary>
/// <param name="Day">The last day on which a user came or went.</param>
/// <param name="Before">How many there were at the end of the day before.</param>
public sealed record UserTotal(long Users, DateOnly Day, long Before, RowVersion? Version);

/// <summary>A user who may have come or gone.</summary>
/// <param name="LoginId">Null when they have gone.</param>
public sealed record UserChange(string Uid, string? LoginId, DateTimeOffset At, string Row, RowVersion Version);

/// <summary>
/// Table <c>usage</c>, a partition of each project: the number of its users, a row for each user who is counted in it, and a row for each
/// who may have come or gone since. Whoever creates or deletes a user writes only the last, which nobody else writes.
/// </summary>
public sealed class UserMeterStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("usage");

    public Task NoteAsync(string projectId, string uid, string? loginId, DateTimeOffset at, CancellationToken cancellationToken) =>
        table.UpsertAsync(
            new TableEntity(ChatKeys.UsageUsers(projectId), ChatKeys.UserChange(uid)) { ["LoginId"] = loginId, ["At"] = at },
            cancellationToken);

    /// <summary>Users who may have come or gone, after a row.</summary>
    public async Task<List<UserChange>> ChangesAsync(string projectId, string after, int take, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.UsageUsers(projectId)} and RowKey gt {after} and RowKey lt {ChatKeys.UserChangesEnd}", take,
            cancellationToken))
            .ConvertAll(row => new UserChange(
                row.RowKey[2..], row.GetString("LoginId"), row.GetDateTimeOffset("At") ?? default, row.RowKey, row.ETag));

    public async Task<UserTotal?> FindTotalAsync(string projectId, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.UsageUsers(projectId), ChatKeys.MeterTotal, cancellationToken) is { } row
            ? new UserTotal(
                row.GetInt64("Users") ?? 0, DateOnly.FromDayNumber(row.GetInt32("Day") ?? 0), row.GetInt64("Before") ?? 0, row.ETag)
            : null;

    public async Task<bool> IsCountedAsync(string projectId, string uid, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.UsageUsers(projectId), ChatKeys.MeterUser(uid), cancellationToken) is not null;

    /// <summary>Notes users as counted, at most 100.</summary>
    public Task CountAsync(string projectId, IEnumerable<string> uids, CancellationToken cancellationToken) => table.SubmitAsync(
        [.. uids.Select(uid => new TableTransactionAction(
            TableTransactionActionType.UpsertReplace, new TableEntity(ChatKeys.UsageUsers(projectId), ChatKeys.MeterUser(uid))))],
        cancellationToken);

    /// <summary>How many users are noted as counted.</summary>
    public async Task<long> CountedAsync(string projectId, CancellationToken cancellationToken)
    {
        var (count, partition, from) = (0L, ChatKeys.UsageUsers(projectId), ChatKeys.MeterUser(""));
        await foreach (var _ in table.EnumerateAsync(
            $"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {ChatKeys.MeterUsersEnd}", 1_000, cancellationToken,
            ["RowKey"]))
        {
            count++;
        }

        return count;
    }

    /// <summary>Changes the total, and with it what is noted of these users. All or nothing.</summary>
    /// <param name="changes">At most 49; and whether the user begins (true) or ends (false) to be counted. Null: neither.</param>
    /// <returns>False when somebody else has done it at the same time.</returns>
    public async Task<bool> TryApplyAsync(
        string projectId, UserTotal total, IEnumerable<(UserChange Change, bool? Counts)> changes, CancellationToken cancellationToken)
    {
        var partition = ChatKeys.UsageUsers(projectId);
        var row = new TableEntity(partition, ChatKeys.MeterTotal)
        {
            ["Users"] = total.Users,
            ["Day"] = total.Day.DayNumber,
            ["Before"] = total.Before,
        };
        List<TableTransactionAction> actions =
        [
            total.Version is { } version
                ? new(TableTransactionActionType.UpdateReplace, row, version)
                : new(TableTransactionActionType.Add, row),
        ];
        foreach (var (change, counts) in changes)
        {
            actions.Add(new(TableTransactionActionType.Delete, new TableEntity(partition, change.Row), change.Version));
            if (counts is { } begins)
            {
                var user = new TableEntity(partition, ChatKeys.MeterUser(change.Uid));
                actions.Add(begins
                    ? new(TableTransactionActionType.Add, user)
                    : new(TableTransactionActionType.Delete, user, ETag.All));
            }
        }

        try
        {
            await table.SubmitAsync(actions, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return false;
        }
    }
}
