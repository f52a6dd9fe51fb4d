using System.Runtime.CompilerServices;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>
/// Finds what is of one user. Conversations have no index by user: the storage walks through the rows, and sends what matches.
/// </summary>
public sealed class ConversationSearchStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("conversations");

    /// <summary>Conversations in which anything is of this user, in key order. The storage walks through all rows of the project.</summary>
    /// <param name="after">The partition to go on after; empty: from the beginning.</param>
    public async IAsyncEnumerable<ConversationKey> FindAsync(
        string projectId, string uid, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        var start = after.Length > 0 ? after : from;
        var last = "";
        await foreach (var row in table.EnumerateAsync(
            FormattableStringFactory.Create(
                "PartitionKey gt {0} and PartitionKey lt {1} and "
                + "(FromUid eq {2} or Uid eq {2} or Uid0 eq {2} or Uid1 eq {2} or OwnerUid eq {2})",
                start, to, uid),
            1_000, cancellationToken, ["PartitionKey", "RowKey"]))
        {
            if (row.PartitionKey != last)
            {
                last = row.PartitionKey;
                yield return new ConversationKey(projectId, last[from.Length..]);
            }
        }
    }

    /// <summary>Uids of everybody who ever wrote or was written to under a login id.</summary>
    public async Task<IReadOnlyCollection<string>> UidsOfAsync(string projectId, string loginId, CancellationToken cancellationToken)
    {
        var (from, to) = Keys.ProjectRange(projectId);
        var uids = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in table.EnumerateAsync(
            FormattableStringFactory.Create(
                "PartitionKey ge {0} and PartitionKey lt {1} and (From eq {2} or Login eq {2} or Login0 eq {2} or Login1 eq {2})",
                from, to, loginId),
            1_000, cancellationToken))
        {
            foreach (var (name, uid) in new[] { ("From", "FromUid"), ("Login", "Uid"), ("Login0", "Uid0"), ("Login1", "Uid1") })
            {
                if (row.GetString(name) == loginId && row.GetString(uid) is { Length: > 0 } found)
                {
                    uids.Add(found);
                }
            }
        }

        return uids;
    }

    /// <summary>The login id under which a user wrote here, unless it is the pseudonym by now.</summary>
    public async Task<string?> NameInAsync(ConversationKey key, string uid, string pseudonym, CancellationToken cancellationToken) =>
        (await table.QueryAsync(
            FormattableStringFactory.Create(
                "PartitionKey eq {0} and RowKey ge {1} and RowKey lt {2} and FromUid eq {3} and From ne {4}",
                key.Partition, "m|", ChatKeys.MessagesEnd, uid, pseudonym),
            1, cancellationToken)) is [var row] ? row.GetString("From") : null;

    /// <summary>Which of these messages are of this user.</summary>
    public async Task<HashSet<long>> SequencesOfAsync(
        ConversationKey key, string uid, long first, long last, CancellationToken cancellationToken)
    {
        var sequences = new HashSet<long>();
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.Message(last)} and RowKey le {ChatKeys.Message(
                first)} and FromUid eq {uid}",
            1_000, cancellationToken, ["Sequence"]))
        {
            sequences.Add(row.GetInt64("Sequence") ?? 0);
        }

        return sequences;
    }
}
