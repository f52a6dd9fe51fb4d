using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>Erases what changes of messages have left about a user. Everything here can be repeated.</summary>
public sealed class ChangeErasureStore(StorageClients storage, ChangeStore changes)
{
    /// <summary>Columns with the name of a user, and those with the uid of the same one.</summary>
    private static readonly (string Name, string Uid)[] Names = [("PinnedBy", "PinnedByUid"), ("DeletedBy", "DeletedByUid")];

    private readonly Table table = storage.ProjectTable("conversations");

    public Task RemoveReactionsAsync(ConversationKey key, long sequence, CancellationToken cancellationToken) =>
        changes.RemoveReactionsAsync(key, sequence, cancellationToken);

    /// <summary>
    /// Replaces the user's name where they reacted, pinned, edited and deleted. The counts stay: somebody reacted, but nobody can tell who.
    /// </summary>
    /// <returns>How many rows were changed just now.</returns>
    public async Task<long> RenameAsync(ConversationKey key, ErasedUser user, CancellationToken cancellationToken)
    {
        var (renamed, reacted) = (0L, new HashSet<long>());
        await foreach (var row in table.EnumerateAsync(
            FormattableStringFactory.Create(
                "PartitionKey eq {0} and RowKey ge {1} and RowKey lt {2} and Uid eq {3} and Login ne {4}",
                key.Partition, ChatKeys.ChangesFrom, "t", user.Uid, user.Pseudonym),
            1_000, cancellationToken, ["PartitionKey", "RowKey", "Sequence"]))
        {
            // First in the message: while a row has the name, this is repeated.
            if (row.RowKey[0] == 's' && reacted.Add(row.GetInt64("Sequence") ?? 0))
            {
                await RenameInMessageAsync(key, row.GetInt64("Sequence") ?? 0, user, cancellationToken);
            }

            await table.TryMergeAsync(
                new TableEntity(row.PartitionKey, row.RowKey) { ["Login"] = user.Pseudonym }, ETag.All, cancellationToken);
            renamed++;
        }

        await foreach (var row in table.EnumerateAsync(
            FormattableStringFactory.Create(
                "PartitionKey eq {0} and RowKey ge {1} and RowKey lt {2} and (PinnedByUid eq {3} or DeletedByUid eq {3})",
                key.Partition, "m|", ChatKeys.MessagesEnd, user.Uid),
            1_000, cancellationToken, ["PartitionKey", "RowKey", "PinnedBy", "PinnedByUid", "DeletedBy", "DeletedByUid"]))
        {
            var change = new TableEntity(row.PartitionKey, row.RowKey);
            foreach (var (name, uid) in Names)
            {
                if (row.GetString(uid) == user.Uid && row.GetString(name) is { Length: > 0 } login && login != user.Pseudonym)
                {
                    change[name] = user.Pseudonym;
                    await table.TryMergeAsync(change, ETag.All, cancellationToken);
                    renamed++;
                }
            }
        }

        return renamed;
    }

    private async Task RenameInMessageAsync(ConversationKey key, long sequence, ErasedUser user, CancellationToken cancellationToken)
    {
        // Again when somebody reacted meanwhile.
        while (await table.FindAsync(key.Partition, ChatKeys.Message(sequence), cancellationToken) is { } row
            && row.GetString("Reactions") is { Length: > 0 } text)
        {
            var reactions = ChangeRows.Reactions(text);
            var renamed = reactions.Select(reaction => !reaction.IsBy(user.Uid) && reaction.HasAll ? reaction : reaction with
            {
                Users = [.. reaction.Users.Select(name => name == user.LoginId ? user.Pseudonym : name)],
            });
            var change = new TableEntity(row.PartitionKey, row.RowKey) { ["Reactions"] = ChangeRows.Reactions(renamed) };
            if (await table.TryMergeAsync(change, row.ETag, cancellationToken) is not null)
            {
                return;
            }
        }
    }
}
