using Vox.Chat.Model;
using Azure;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Chat.Users;

/// <summary>The note of a deletion.</summary>
/// <param name="SweepAt">When to remove what was written late; null while the deletion itself is under way.</param>
public sealed record UserDeletion(UserIdentity User, DateTimeOffset? SweepAt);

/// <summary>Users in table <c>users</c>. Each has a partition of their own, so that a busy project's users do not share one.</summary>
public sealed class UserStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("users");
    private readonly Table deletions = storage.Table("deletions");

    public async Task<User?> FindAsync(UserKey user, CancellationToken cancellationToken) =>
        await table.FindAsync(user.Partition, ChatKeys.UserRow, cancellationToken) is { } row ? FromRow(user.ProjectId, row) : null;

    /// <summary>Many users, in few requests where they lie close together.</summary>
    /// <param name="users">In the order of their partitions, all of one project.</param>
    /// <returns>Those that exist, and how many of the ids were looked up, from the first.</returns>
    public async Task<(List<User> Found, int Read)> FindManyAsync(IReadOnlyList<UserKey> users, CancellationToken cancellationToken)
    {
        var (rows, read) = await table.ReadStretchesAsync([.. users.Select(user => user.Partition)], cancellationToken);
        return ([.. rows.Where(row => row.RowKey == ChatKeys.UserRow).Select(row => FromRow(users[0].ProjectId, row))], read);
    }

    /// <returns>The stored user, or null when the login id is taken.</returns>
    public async Task<User?> TryAddAsync(User user, CancellationToken cancellationToken)
    {
        if (await table.TryAddAsync(ToRow(user), cancellationToken) is { } version)
        {
            return user with { Version = version };
        }

        // A retry inside the storage client may have met the row that its own first attempt wrote.
        var existing = await FindAsync(user.Key, cancellationToken);
        return existing?.Uid == user.Uid ? existing : null;
    }

    public async Task<bool> TryReplaceAsync(User user, CancellationToken cancellationToken) =>
        await table.TryReplaceAsync(ToRow(user), user.Version, cancellationToken) is not null;

    public async Task RemoveAsync(User user, CancellationToken cancellationToken) =>
        await table.DeleteAsync(user.Key.Partition, ChatKeys.UserRow, cancellationToken);

    /// <summary>
    /// Notes that a deletion begins, so that it can be finished if this process ends in between. Again, when all is removed: then what was
    /// written meanwhile by processes that did not know yet is swept later.
    /// </summary>
    /// <param name="sweepAt">When to sweep; null while the deletion is under way.</param>
    public async Task NoteDeletionAsync(User user, DateTimeOffset? sweepAt, CancellationToken cancellationToken) =>
        await deletions.UpsertAsync(
            new TableEntity(ChatKeys.UserDeletions, user.Identity.Partition)
            {
                ["ProjectId"] = user.ProjectId,
                ["LoginId"] = user.LoginId,
                ["Uid"] = user.Uid,
                ["SweepAt"] = sweepAt,
            },
            cancellationToken);

    public async Task EndDeletionAsync(UserDeletion deletion, CancellationToken cancellationToken) =>
        await deletions.DeleteAsync(ChatKeys.UserDeletions, deletion.User.Partition, cancellationToken);

    /// <summary>Deletions that have something left to do, in key order.</summary>
    /// <param name="now">Sweeps that are due later are left out.</param>
    public async IAsyncEnumerable<UserDeletion> PendingDeletionsAsync(
        DateTimeOffset now, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in deletions.EnumerateAsync($"PartitionKey eq {ChatKeys.UserDeletions}", 1_000, cancellationToken))
        {
            var sweepAt = row.GetDateTimeOffset("SweepAt");
            if (sweepAt is null || sweepAt <= now)
            {
                yield return new UserDeletion(
                    new(row.GetString("ProjectId"), row.GetString("LoginId"), row.GetString("Uid") ?? ""), sweepAt);
            }
        }
    }

    /// <summary>Users of a project after a login id, in key order: first those with plain ASCII login ids, then the others.</summary>
    /// <param name="search">Returns only login ids that contain this text, in any case. Walks through all users. Empty for all.</param>
    public async IAsyncEnumerable<User> ListAsync(
        string projectId, string? after, string search, int pageSize,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        // Each user's partition has only one row, so the next greater key is the next user.
        var start = after is null ? from : ChatKeys.User(new(projectId, after));
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey gt {start} and PartitionKey lt {to} and RowKey eq {ChatKeys.UserRow}", pageSize, cancellationToken))
        {
            var user = FromRow(projectId, row);
            if (user.DeletedAt is null && user.LoginId.Contains(search, StringComparison.OrdinalIgnoreCase))
            {
                yield return user;
            }
        }
    }

    /// <summary>Users whose login id begins with a prefix, in key order.</summary>
    /// <param name="after">The last login id of the page before; null: the first page.</param>
    public async IAsyncEnumerable<User> ListByPrefixAsync(
        string projectId, string prefix, string? after, int pageSize,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = after is null ? "" : ChatKeys.User(new(projectId, after));
        foreach (var (from, to) in ((string, string)[])
        [
            ChatKeys.PlainUsers(projectId, prefix), ChatKeys.EncodedUsers(projectId, prefix),
        ])
        {
            if (from == to || string.CompareOrdinal(last, to) >= 0)
            {
                continue;
            }

            // A partition has only one row. The first of a range may be the user who is called exactly like the prefix.
            var rows = string.CompareOrdinal(last, from) < 0
                ? table.EnumerateAsync(
                    $"PartitionKey ge {from} and PartitionKey lt {to} and RowKey eq {ChatKeys.UserRow}", pageSize, cancellationToken)
                : table.EnumerateAsync(
                    $"PartitionKey gt {last} and PartitionKey lt {to} and RowKey eq {ChatKeys.UserRow}", pageSize, cancellationToken);
            await foreach (var row in rows)
            {
                var user = FromRow(projectId, row);
                if (user.DeletedAt is null && user.LoginId.StartsWith(prefix, StringComparison.Ordinal))
                {
                    yield return user;
                }
            }
        }
    }

    public async Task<int> CountAsync(string projectId, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        var count = 0;
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey ge {from} and PartitionKey lt {to} and RowKey eq {ChatKeys.UserRow}", 1_000, cancellationToken,
            ["PartitionKey", "DeletedAt"]))
        {
            count += row.ContainsKey("DeletedAt") && row["DeletedAt"] is not null ? 0 : 1;
        }

        return count;
    }

    private static TableEntity ToRow(User user) => new(user.Key.Partition, ChatKeys.UserRow)
    {
        ["Uid"] = user.Uid,
        ["PasswordHash"] = user.PasswordHash,
        ["CreatedAt"] = user.CreatedAt,
        ["DeletedAt"] = user.DeletedAt,
        ["DisabledAt"] = user.DisabledAt,
        ["SessionVersion"] = user.SessionVersion,
        ["TokensFrom"] = user.TokensFrom,
        ["BannedUntil"] = user.BannedUntil,
        ["MutedUntil"] = user.MutedUntil,
    };

    private static User FromRow(string projectId, TableEntity row) => new(
        projectId,
        ChatKeys.LoginIdOf(row.PartitionKey),
        row.GetString("Uid"),
        row.GetString("PasswordHash"),
        row.GetDateTimeOffset("CreatedAt") ?? default,
        row.GetDateTimeOffset("DeletedAt"),
        row.ETag)
    {
        DisabledAt = row.GetDateTimeOffset("DisabledAt"),
        SessionVersion = row.GetInt32("SessionVersion") ?? 0,
        TokensFrom = row.GetDateTimeOffset("TokensFrom"),
        BannedUntil = row.GetDateTimeOffset("BannedUntil"),
        MutedUntil = row.GetDateTimeOffset("MutedUntil"),
    };
}
