using Vox.Chat.Model;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Chat.People;

/// <summary>What users show of themselves. The texts are empty by default.</summary>
/// <param name="Photo">Storage key of a picture.</param>
public sealed record Profile(string DisplayName, string Status, string Photo)
{
    public static readonly Profile Empty = new("", "", "");
}

/// <summary>
/// Table <c>people</c>: a user's profile and last-seen time. Kept apart from the user's row, which every log-in depends on.
/// </summary>
public sealed class PersonStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("people");

    /// <returns>LastSeen in Unix ms; 0 for never.</returns>
    public async Task<(Profile Profile, long LastSeen)> ReadAsync(UserIdentity user, CancellationToken cancellationToken) =>
        Person(await table.QueryAsync(
            $"PartitionKey eq {user.Partition} and RowKey ge {ChatKeys.ProfileRow}", 10, cancellationToken));

    /// <summary>The same for many users, with few requests where they lie close together.</summary>
    public async Task<IReadOnlyDictionary<UserIdentity, (Profile Profile, long LastSeen)>> ReadManyAsync(
        IReadOnlyCollection<UserIdentity> users, CancellationToken cancellationToken)
    {
        var ordered = users.OrderBy(user => user.Partition, StringComparer.Ordinal).ToList();
        var (rows, read) = await table.ReadStretchesAsync([.. ordered.Select(user => user.Partition)], cancellationToken);
        var byPartition = rows.ToLookup(row => row.PartitionKey, StringComparer.Ordinal);
        var people = ordered.Take(read).ToDictionary(user => user, user => Person([.. byPartition[user.Partition]]));
        foreach (var (user, person) in await ManyRequests.EachAsync(
            ordered.Skip(read), async user => (user, await ReadAsync(user, cancellationToken)), cancellationToken))
        {
            people[user] = person;
        }

        return people;
    }

    private static (Profile Profile, long LastSeen) Person(List<TableEntity> rows)
    {
        var profile = rows.Find(row => row.RowKey == ChatKeys.ProfileRow);
        var seen = rows.Find(row => row.RowKey == ChatKeys.SeenRow);
        return (
            profile is null ? Profile.Empty : PersonRows.ToProfile(profile),
            seen?.GetInt64("At") ?? 0);
    }

    public async Task SaveAsync(UserIdentity user, Profile profile, CancellationToken cancellationToken) =>
        await table.UpsertAsync(
            PersonRows.OfProfile(user, profile), cancellationToken);

    public async Task SaveSeenAsync(UserIdentity user, long at, CancellationToken cancellationToken) =>
        await table.UpsertAsync(new TableEntity(user.Partition, ChatKeys.SeenRow) { ["At"] = at }, cancellationToken);

    public async Task RemoveAsync(UserIdentity user, CancellationToken cancellationToken)
    {
        await table.DeleteAsync(user.Partition, ChatKeys.ProfileRow, cancellationToken);
        await table.DeleteAsync(user.Partition, ChatKeys.SeenRow, cancellationToken);
        await table.DeleteAsync(user.Partition, ChatKeys.CustomRow, cancellationToken);
    }
}
