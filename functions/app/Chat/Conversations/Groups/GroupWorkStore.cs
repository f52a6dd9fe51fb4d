using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>A change of membership that may not have reached everything yet.</summary>
/// <param name="Member">Whose membership; null: that of all members, because the group was deleted.</param>
/// <param name="Version">Whoever has the newest version finishes the work; to all others it is somebody else's by now.</param>
public sealed record GroupWork(ConversationKey Key, UserIdentity? Member, RowVersion Version);

/// <summary>
/// Table <c>groupwork</c>: users whose lists and live groups may differ from the members' table. A note is made before a change and removed
/// when everything has followed; a timer finishes the notes that stay. Whoever applies a change claims its note for that long, and whoever
/// wants to make another change waits until the claim ends. So nobody is let into a live group while they are being removed from the group.
/// </summary>
public sealed class GroupWorkStore(StorageClients storage, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Table table = storage.ProjectTable("groupwork");

    /// <summary>
    /// Notes that these memberships are about to change. Takes over older notes of them that nobody is working on any more.
    /// </summary>
    /// <param name="members">At most 100.</param>
    /// <exception cref="VoxException">busy</exception>
    public async Task<IReadOnlyList<GroupWork>> NoteAsync(ConversationKey key, IReadOnlyCollection<UserIdentity> members, TimeSpan patience)
    {
        for (var began = time.GetTimestamp(); ; await PauseAsync(began, patience))
        {
            var rows = await table.QueryAsync($"PartitionKey eq {key.Partition}", int.MaxValue, CancellationToken.None);
            var known = rows.ToDictionary(row => row.RowKey, StringComparer.Ordinal);
            if (members.Any(member => known.TryGetValue(ChatKeys.GroupWork(member), out var row) && IsClaimed(row)))
            {
                continue;
            }

            try
            {
                var responses = await table.SubmitForAllAsync(
                    [.. members.Select(member => known.TryGetValue(ChatKeys.GroupWork(member), out var row)
                        ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, Row(key, member), row.ETag)
                        : new TableTransactionAction(TableTransactionActionType.Add, Row(key, member)))],
                    CancellationToken.None);
                return [.. members.Select((member, i) => new GroupWork(key, member, responses[i].Headers.ETag!.Value))];
            }
            catch (TableTransactionFailedException e) when (e.Status is 404 or 409 or 412)
            {
                // Somebody was faster: look again.
            }
        }
    }

    public async Task NoteAllAsync(ConversationKey key, CancellationToken cancellationToken) =>
        await table.UpsertAsync(Row(key, null), cancellationToken);

    public async Task DoneAllAsync(ConversationKey key, CancellationToken cancellationToken) =>
        await table.DeleteAsync(key.Partition, ChatKeys.GroupWorkOfAll, cancellationToken);

    /// <summary>Claims the membership: until then, nobody else changes it.</summary>
    /// <returns>Null when it was noted anew meanwhile: whoever noted it finishes it.</returns>
    public async Task<GroupWork?> ClaimAsync(GroupWork work, DateTimeOffset until) =>
        await table.TryMergeAsync(
            new TableEntity(work.Key.Partition, ChatKeys.GroupWork(work.Member!.Value)) { ["Until"] = until.ToUnixTimeMilliseconds() },
            work.Version, CancellationToken.None) is { } version
            ? work with { Version = version }
            : null;

    /// <summary>Removes the note, unless the work was noted again meanwhile: then whoever noted it finishes it.</summary>
    public Task DoneAsync(GroupWork work, CancellationToken cancellationToken) => table.TryDeleteAsync(
        work.Key.Partition, RowKey(work.Member), work.Version, cancellationToken);

    /// <summary>Whether somebody is changing the membership of this user.</summary>
    public async Task<bool> IsNotedAsync(ConversationKey key, UserIdentity member) =>
        await table.FindAsync(key.Partition, ChatKeys.GroupWork(member), CancellationToken.None) is not null;

    /// <summary>The work that was noted at least so long ago and is not finished yet.</summary>
    public async Task<IReadOnlyList<GroupWork>> FindAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var until = (time.GetUtcNow() - age).ToUnixTimeMilliseconds();
        var found = new List<GroupWork>();
        await foreach (var row in table.EnumerateAsync($"At le {until}", 1_000, cancellationToken))
        {
            var key = new ConversationKey(row.GetString("Project"), row.GetString("Group"));
            found.Add(new GroupWork(
                key,
                row.GetString("Login") is { } loginId ? new UserIdentity(key.ProjectId, loginId, row.GetString("Uid") ?? "") : null,
                row.ETag));
        }

        return found;
    }

    /// <summary>
    /// Says that a connection of this user is being joined to their groups, until then at the latest. The same id prolongs it.
    /// </summary>
    public Task BeginRejoinAsync(UserIdentity user, string id, DateTimeOffset until) => table.UpsertAsync(
        new TableEntity(user.Partition, ChatKeys.Rejoin(id)) { ["Until"] = until.ToUnixTimeMilliseconds() }, CancellationToken.None);

    public Task EndRejoinAsync(UserIdentity user, string id) =>
        table.DeleteAsync(user.Partition, ChatKeys.Rejoin(id), CancellationToken.None);

    /// <summary>Waits until no connection of this user is being joined by somebody who could not have seen the latest note.</summary>
    /// <exception cref="VoxException">busy</exception>
    public async Task RejoinedAsync(UserIdentity user, TimeSpan patience)
    {
        for (var began = time.GetTimestamp(); ; await PauseAsync(began, patience))
        {
            var rows = await table.QueryAsync($"PartitionKey eq {user.Partition}", int.MaxValue, CancellationToken.None);
            if (!rows.Exists(IsClaimed))
            {
                return;
            }
        }
    }

    /// <summary>Removes what a killed process has left of a user who is gone.</summary>
    public Task RemoveAsync(UserIdentity user, CancellationToken cancellationToken) =>
        table.DeleteAllAsync($"PartitionKey eq {user.Partition}", cancellationToken);

    public static string NewRejoinId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    private bool IsClaimed(TableEntity row) => row.GetInt64("Until") > time.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task PauseAsync(long began, TimeSpan patience)
    {
        if (time.GetElapsedTime(began) > patience)
        {
            throw new VoxException(Errors.Busy, "Too many are changing this group at once: try again shortly.");
        }

        await Task.Delay(Pause);
    }

    private static string RowKey(UserIdentity? member) => member is { } one ? ChatKeys.GroupWork(one) : ChatKeys.GroupWorkOfAll;

    private TableEntity Row(ConversationKey key, UserIdentity? member)
    {
        var row = new TableEntity(key.Partition, RowKey(member))
        {
            ["Project"] = key.ProjectId,
            ["Group"] = key.Id,
            ["At"] = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        if (member is { } one)
        {
            row["Login"] = one.LoginId;
            row["Uid"] = one.Uid;
        }

        return row;
    }
}
