using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Storage;

/// <summary>What an erasure is about, as the rows of conversations know it.</summary>
/// <param name="Id">Names the erasure. It is noted in what it leaves behind.</param>
/// <param name="LoginId">The user's present name in these rows; empty when it is not known any more.</param>
/// <param name="Pseudonym">What takes its place.</param>
public sealed record ErasedUser(string Id, string Uid, string LoginId, string Pseudonym);

/// <summary>A file that a message names.</summary>
/// <param name="IsOwn">The message is of the user who is being erased.</param>
public sealed record NamedFile(string Key, string FromUid, bool IsOwn);

/// <summary>
/// Erases texts in table <c>conversations</c>. A message's row stays with its sequence, its time and the sender's uid, so that sequences
/// have no gaps and marks stay right. Everything else in it goes, and so does the row that made its sending idempotent. Everything here can
/// be repeated, and two processes may do the same.
/// </summary>
public sealed class ConversationErasureStore(
    StorageClients storage, ConversationStore conversations, RecentStore recents, QuoteStore quotes,
    PersonalStateStore personal, ChangeErasureStore changes, IEnumerable<IErasedMessagesStep> steps)
{
    private readonly IErasedMessagesStep[] steps = [.. steps];

    /// <summary>Each message changes up to three rows: 3 × 33 is what a transaction holds.</summary>
    private const int Batch = 33;

    private static readonly string[] Columns =
    [
        "PartitionKey", "RowKey", "Sequence", "SentAt", "Id", "From", "FromUid", "To", "Type", "Data", "Thumbnail", "Reports", "Erased",
        "Change", "Versions", "Reactions", .. ThreadRows.Kept,
    ];

    private readonly Table table = storage.ProjectTable("conversations");

    /// <summary>Erases one user from a conversation: their texts, and their name in what others wrote.</summary>
    /// <param name="file">Called for each file that a message names, before its name is gone.</param>
    /// <returns>How many messages this erasure has emptied here, now and before, and how many names it replaced just now.</returns>
    public async Task<(long Messages, long References)> EraseUserAsync(
        ConversationKey key, ErasedUser user, Func<NamedFile, Task> file, CancellationToken cancellationToken)
    {
        var references = await RenameAsync(key, user, cancellationToken);
        var rows = table.EnumerateAsync(
            FormattableStringFactory.Create(
                "PartitionKey eq {0} and RowKey ge {1} and RowKey lt {2} and (FromUid eq {3} or To eq {4})",
                key.Partition, "m|", ChatKeys.MessagesEnd, user.Uid, user.LoginId),
            1_000, cancellationToken, Columns);
        var (messages, renamed) = await EraseAsync(
            key,
            rows,
            row =>
            {
                var before = row.GetString("To");
                var to = !key.IsGroup && user.LoginId.Length > 0 && before == user.LoginId ? user.Pseudonym : before;
                if (row.GetString("FromUid") != user.Uid)
                {
                    return to == before ? null : new TableEntity(row.PartitionKey, row.RowKey) { ["To"] = to };
                }

                return row.GetString("Erased") is not null && row.GetString("From") == user.Pseudonym
                    ? null
                    : ConversationRows.Erased(row, user.Pseudonym, to, user.Id);
            },
            user.Uid, user.Id, file, cancellationToken);
        references += await changes.RenameAsync(key, user, cancellationToken);

        // After the messages: now nobody can quote them any more.
        renamed += await quotes.EraseUserAsync(key, user, cancellationToken);
        if (!key.IsGroup)
        {
            // In a group it went with the member's row.
            await personal.EraseAsync(key, user.Uid, cancellationToken);
        }

        return (messages, references + renamed);
    }

    /// <summary>Erases everything in a conversation up to a sequence. Its members may go on.</summary>
    /// <inheritdoc cref="EraseUserAsync"/>
    public async Task<long> EraseAllAsync(
        ConversationKey key, long lastSequence, string erasureId, Func<NamedFile, Task> file, CancellationToken cancellationToken)
    {
        var rows = table.EnumerateAsync(
            $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.Message(lastSequence)} and RowKey lt {ChatKeys.MessagesEnd}", 1_000,
            cancellationToken, Columns);
        var (messages, _) = await EraseAsync(
            key, rows,
            row => row.GetString("Erased") is null
                ? ConversationRows.Erased(row, row.GetString("From"), row.GetString("To"), erasureId)
                : null,
            "", erasureId, file, cancellationToken);
        await quotes.EmptyUpToAsync(key, lastSequence, cancellationToken);
        await conversations.ChangeHeadAsync(
            key,
            head => head?.Pins is { } pins && pins.Any(pin => pin <= lastSequence)
                ? head with { Pins = [.. pins.Where(pin => pin > lastSequence)] }
                : null,
            cancellationToken);
        if (key.IsGroup)
        {
            // A group that nobody is in any more has a name for nobody.
            await conversations.ChangeHeadAsync(key, head => head is { Closed: true } ? Nameless(head) : null, cancellationToken);
        }

        return messages;
    }

    /// <summary>Replaces the user's name in the head, in the other's list and among the members.</summary>
    private async Task<long> RenameAsync(ConversationKey key, ErasedUser user, CancellationToken cancellationToken)
    {
        var references = 0L;
        ConversationHead? found = null;
        var members = key.IsGroup
            ? await table.QueryAsync(
                $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.GroupMembersFrom} and RowKey lt {ChatKeys
                    .GroupMembersTo} and Uid eq {user.Uid} and Left eq {true}",
                10, cancellationToken)
            : [];
        foreach (var row in members)
        {
            // Of somebody who is a member no more. A member leaves first, so that the group stays right.
            await table.DeleteAsync(row.PartitionKey, row.RowKey, cancellationToken);
            references++;
        }

        var alone = key.IsGroup && (await table.QueryAsync(
            $"PartitionKey eq {key.Partition} and RowKey ge {ChatKeys.GroupMembersFrom} and RowKey lt {ChatKeys.GroupMembersTo}", 1,
            cancellationToken)).Count == 0;
        await conversations.ChangeHeadAsync(
            key,
            head =>
            {
                found = head;
                var changed = head is null ? null : Renamed(head, user, alone);
                references += changed == head ? 0 : 1;
                return changed;
            },
            cancellationToken);
        if (found is { Group: null } direct && direct.OtherThan(user.Uid) is { } other && other.Uid != user.Uid)
        {
            references += await recents.RenameAsync(
                new UserIdentity(key.ProjectId, other.LoginId, other.Uid), key.Id, user.Pseudonym, cancellationToken) ? 1 : 0;
        }

        return references;
    }

    private static ConversationHead Renamed(ConversationHead head, ErasedUser user, bool alone)
    {
        if (head.Group is { } group)
        {
            var renamed = group.OwnerUid == user.Uid && group.OwnerLogin != user.Pseudonym
                ? head with { Group = group with { OwnerLogin = user.Pseudonym } }
                : head;
            return head.Closed && alone ? Nameless(renamed) : renamed;
        }

        return head.Members.Any(member => member.Uid == user.Uid && member.LoginId != user.Pseudonym)
            ? head with
            {
                Members = [.. head.Members.Select(member => member.Uid == user.Uid ? member with { LoginId = user.Pseudonym } : member)],
            }
            : head;
    }

    private static ConversationHead Nameless(ConversationHead head) =>
        head.Group is { Name.Length: > 0 } or { Description.Length: > 0 } or { Photo.Length: > 0 } or { Custom.Length: > 0 }
            ? head with { Group = head.Group with { Name = "", Description = "", Photo = "", Custom = "" } }
            : head;

    /// <param name="change">The row as it is to be, or what is to be merged into it; null: nothing to do.</param>
    private async Task<(long Erased, long Renamed)> EraseAsync(
        ConversationKey key, IAsyncEnumerable<TableEntity> rows, Func<TableEntity, TableEntity?> change, string uid, string erasureId,
        Func<NamedFile, Task> file, CancellationToken cancellationToken)
    {
        var (erased, renamed) = (0L, 0L);
        var batch = new List<(TableEntity Before, TableEntity After)>(Batch);
        var before = new List<long>();
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            if (row.GetString("Erased") is null && ((MessageType)(row.GetInt32("Type") ?? 0)).IsFile())
            {
                foreach (var name in new[] { row.GetString("Data"), row.GetString("Thumbnail") })
                {
                    if (name is { Length: > 0 } && FileKey.FileOf(name) is var fileKey && FileKey.IsValid(fileKey))
                    {
                        var from = row.GetString("FromUid");
                        await file(new NamedFile(fileKey, from, from == uid));
                    }
                }
            }

            if (change(row) is not { } after)
            {
                if (row.GetString("Erased") == erasureId)
                {
                    erased++;
                    before.Add(row.GetInt64("Sequence") ?? 0);
                    if (before.Count == 1_000)
                    {
                        await TellAsync(key, before, cancellationToken);
                        before.Clear();
                    }
                }

                continue;
            }

            erased += after.ContainsKey("Erased") ? 1 : 0;
            renamed += after.ContainsKey("Erased") ? 0 : 1;
            batch.Add((row, after));
            if (batch.Count == Batch)
            {
                await CommitAsync(key, batch, cancellationToken);
                batch.Clear();
            }
        }

        await CommitAsync(key, batch, cancellationToken);
        await TellAsync(key, before, cancellationToken);
        return (erased, renamed);
    }

    private async Task TellAsync(ConversationKey key, IReadOnlyCollection<long> sequences, CancellationToken cancellationToken)
    {
        foreach (var step in sequences.Count > 0 ? steps : [])
        {
            await step.ErasingAsync(key, sequences, cancellationToken);
        }
    }

    private async Task CommitAsync(
        ConversationKey key, List<(TableEntity Before, TableEntity After)> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var emptied = batch.Where(row => row.Before.GetString("Erased") is null && row.After.ContainsKey("Erased")).ToList();
        await TellAsync(key, emptied.ConvertAll(row => row.Before.GetInt64("Sequence") ?? 0), cancellationToken);
        foreach (var (before, _) in emptied.Where(row => row.Before.GetString("Reactions") is { Length: > 0 }))
        {
            // First: the row of the message says that there are some.
            await changes.RemoveReactionsAsync(key, before.GetInt64("Sequence") ?? 0, cancellationToken);
        }

        List<TableTransactionAction> actions = [.. batch.Select(row => Update(row.After))];
        actions.AddRange(emptied.Select(
            row => new TableTransactionAction(TableTransactionActionType.Delete, Idempotency(key, row.Before), ETag.All)));
        actions.AddRange(emptied.Where(row => row.Before.GetBoolean("Versions") == true).Select(
            row => new TableTransactionAction(TableTransactionActionType.Delete, Versions(key, row.Before), ETag.All)));
        try
        {
            await table.SubmitAsync(actions, cancellationToken);
        }
        catch (TableTransactionFailedException e) when (e.Status == 404)
        {
            // A row is gone: another process does the same, or the project is being deleted. One by one, what is gone does not matter.
            foreach (var (before, after) in batch)
            {
                try
                {
                    await table.SubmitAsync([Update(after)], cancellationToken);
                }
                catch (TableTransactionFailedException gone) when (gone.Status == 404)
                {
                    continue;
                }

                var idempotency = Idempotency(key, before);
                if (before.GetString("Erased") is null && after.ContainsKey("Erased"))
                {
                    await table.DeleteAsync(idempotency.PartitionKey, idempotency.RowKey, cancellationToken);
                    await table.DeleteAsync(key.Partition, Versions(key, before).RowKey, cancellationToken);
                }
            }
        }
    }

    private static TableTransactionAction Update(TableEntity row) => new(
        row.ContainsKey("Erased") ? TableTransactionActionType.UpdateReplace : TableTransactionActionType.UpdateMerge, row, ETag.All);

    private static TableEntity Versions(ConversationKey key, TableEntity message) =>
        new(key.Partition, ChatKeys.Versions(message.GetInt64("Sequence") ?? 0));

    private static TableEntity Idempotency(ConversationKey key, TableEntity message) =>
        new(key.Partition, ChatKeys.Idempotency(message.GetString("FromUid"), message.GetString("Id")));
}
