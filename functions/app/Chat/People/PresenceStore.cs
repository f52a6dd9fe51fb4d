using Vox.Chat.Model;
using Azure;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Chat.People;

/// <summary>A live connection.</summary>
/// <param name="Until">Until when it counts, Unix ms.</param>
/// <param name="SessionId">Whose it is; empty when not known.</param>
/// <param name="NotedAt">The time of its note in <see cref="PresenceDueStore"/>, Unix ms; null when it has none.</param>
public sealed record Lease(long Until, string SessionId, long? NotedAt)
{
    /// <summary>The conversation that the user sees there; empty for none.</summary>
    public string View { get; init; } = "";
}

/// <summary>A user who is online, or whose connections have just run out.</summary>
/// <param name="Leases">The connections, by their row keys.</param>
/// <param name="Online">Version of the row that marks the user as online; null when offline.</param>
/// <param name="Since">Since when the user is online, Unix ms; 0 when offline.</param>
public sealed record PresenceView(IReadOnlyDictionary<string, Lease> Leases, RowVersion? Online, long Since);

/// <summary>
/// Table <c>presence</c>. Only users who are online have rows here: one that says so and one for each connection. Every change touches the
/// first row, so two concurrent changes cannot both succeed. <see cref="PresenceDueStore"/> has the connections by time.
/// </summary>
public sealed class PresenceStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("presence");

    public async Task<PresenceView> ReadAsync(string partition, CancellationToken cancellationToken)
    {
        var leases = new Dictionary<string, Lease>(StringComparer.Ordinal);
        RowVersion? online = null;
        var since = 0L;
        await foreach (var row in table.EnumerateAsync($"PartitionKey eq {partition}", 1_000, cancellationToken))
        {
            if (row.RowKey == ChatKeys.OnlineRow)
            {
                online = row.ETag;
                since = SinceOf(row);
            }
            else
            {
                leases[row.RowKey] = new Lease(row.GetInt64("Until") ?? 0, row.GetString("Session") ?? "", row.GetInt64("Noted"))
                {
                    View = row.GetString("View") ?? "",
                };
            }
        }

        return new PresenceView(leases, online, since);
    }

    public async Task<bool> IsOnlineAsync(UserIdentity user, CancellationToken cancellationToken) =>
        await table.FindAsync(user.Partition, ChatKeys.OnlineRow, cancellationToken) is not null;

    /// <returns>Since when the user is online, Unix ms; null when offline.</returns>
    public async Task<long?> OnlineSinceAsync(UserIdentity user, CancellationToken cancellationToken) =>
        await table.FindAsync(user.Partition, ChatKeys.OnlineRow, cancellationToken) is { } row ? SinceOf(row) : null;

    /// <summary>The same for many users, with few requests where they lie close together. Those who are offline are absent.</summary>
    public async Task<IReadOnlyDictionary<UserIdentity, long>> OnlineSinceManyAsync(
        IReadOnlyCollection<UserIdentity> users, CancellationToken cancellationToken)
    {
        var ordered = users.OrderBy(user => user.Partition, StringComparer.Ordinal).ToList();
        var (rows, read) = await table.ReadStretchesAsync([.. ordered.Select(user => user.Partition)], cancellationToken);
        var online = rows.Where(row => row.RowKey == ChatKeys.OnlineRow)
            .ToDictionary(row => row.PartitionKey, SinceOf, StringComparer.Ordinal);
        var since = ordered.Take(read).Where(user => online.ContainsKey(user.Partition))
            .ToDictionary(user => user, user => online[user.Partition]);
        foreach (var (user, at) in await ManyRequests.EachAsync(
            ordered.Skip(read), async user => (user, await OnlineSinceAsync(user, cancellationToken)), cancellationToken))
        {
            if (at is { } time)
            {
                since[user] = time;
            }
        }

        return since;
    }

    /// <summary>Which users are online, from one login id to another in key order. One request for a page of users.</summary>
    public async Task<HashSet<string>> OnlineBetweenAsync(string projectId, string first, string last, CancellationToken cancellationToken)
    {
        var online = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey ge {ChatKeys.User(new(projectId, first))} and PartitionKey lt {ChatKeys.OwnEnd(
                new(projectId, last))} and RowKey eq {ChatKeys.OnlineRow}",
            1_000, cancellationToken, ["PartitionKey"]))
        {
            online.Add(ChatKeys.LoginIdOf(row.PartitionKey));
        }

        return online;
    }

    /// <summary>The partitions of users who are online, in key order, from after one partition on.</summary>
    /// <param name="after">Empty to begin with the first.</param>
    public async Task<IReadOnlyList<string>> OnlineAfterAsync(
        string projectId, string after, int take, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        var rows = await table.QueryAsync(
            $"PartitionKey gt {(after.Length > 0 ? after : from)} and PartitionKey lt {to} and RowKey eq {ChatKeys.OnlineRow}",
            take, cancellationToken, ["PartitionKey"]);
        return [.. rows.Select(row => row.PartitionKey)];
    }

    /// <returns>The user's presence after it; null when it has changed meanwhile.</returns>
    public async Task<PresenceView?> TryRenewAsync(
        string partition, PresenceView before, string leaseRow, long now, Lease lease, CancellationToken cancellationToken)
    {
        var after = before.Online is null ? before with { Since = now } : before;
        var answer = await TrySubmitAsync(
            [
                Online(partition, after),
                new(
                    TableTransactionActionType.UpsertReplace,
                    new TableEntity(partition, leaseRow)
                    {
                        ["Until"] = lease.Until,
                        ["Session"] = lease.SessionId,
                        ["Noted"] = lease.NotedAt,
                        ["View"] = lease.View.Length > 0 ? lease.View : null,
                    }),
            ],
            cancellationToken);
        return answer is null
            ? null
            : after with
            {
                Online = answer.Headers.ETag.GetValueOrDefault(),
                Leases = new Dictionary<string, Lease>(before.Leases, StringComparer.Ordinal) { [leaseRow] = lease },
            };
    }

    /// <summary>Removes connections, and with the last one the row that says the user is online.</summary>
    public async Task<bool> TryDropAsync(
        string partition, PresenceView before, IReadOnlyCollection<string> leaseRows, bool offline, CancellationToken cancellationToken)
    {
        var actions = new List<TableTransactionAction>();
        if (before.Online is { } version)
        {
            actions.Add(offline
                ? new(TableTransactionActionType.Delete, new TableEntity(partition, ChatKeys.OnlineRow), version)
                : Online(partition, before));
        }

        actions.AddRange(leaseRows.Take(99).Select(row =>
            new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partition, row), ETag.All)));
        return actions.Count == 0 || await TrySubmitAsync(actions, cancellationToken) is not null;
    }

    /// <summary>
    /// Users with a connection that expired before <paramref name="now"/>. Looks through the rows of all users who are online: only for
    /// what was written before connections were noted by time.
    /// </summary>
    public async Task<IReadOnlySet<string>> SearchExpiredAsync(long now, CancellationToken cancellationToken)
    {
        var partitions = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in table.EnumerateAsync($"Until lt {now}", 1_000, cancellationToken, ["PartitionKey"]))
        {
            partitions.Add(row.PartitionKey);
        }

        return partitions;
    }

    private static TableTransactionAction Online(string partition, PresenceView view)
    {
        var row = new TableEntity(partition, ChatKeys.OnlineRow) { ["Since"] = view.Since };
        return view.Online is { } version
            ? new(TableTransactionActionType.UpdateReplace, row, version)
            : new(TableTransactionActionType.Add, row);
    }

    /// <summary>A row from before this was noted tells at least when it was last written.</summary>
    private static long SinceOf(TableEntity row) =>
        row.GetInt64("Since") is { } since and > 0 ? since : row.Timestamp?.ToUnixTimeMilliseconds() ?? 0;

    private async Task<Response?> TrySubmitAsync(
        List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        try
        {
            return await table.SubmitAsync(actions, cancellationToken);
        }
        catch (TableTransactionFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return null;
        }
    }
}
