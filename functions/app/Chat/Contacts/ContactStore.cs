using Vox.Chat.Model;
using Azure.Data.Tables;
using Vox.Chat.People;
using Vox.Platform.Storage;

namespace Vox.Chat.Contacts;

/// <summary>Everything in one user's partition.</summary>
/// <param name="Watchers">The users who have this user in their contacts.</param>
/// <param name="OneSided">
/// Those of the blocked users in whose partition it does not stand yet, because they were blocked before it was noted there.
/// </param>
public sealed record ContactBook(
    IReadOnlyList<string> Contacts, IReadOnlySet<string> Blocked, IReadOnlyList<string> Watchers, IReadOnlyList<string> OneSided);

/// <summary>
/// Table <c>contacts</c>. Each user's partition holds their contacts, the users they blocked and, the other way round, the users who have
/// them as a contact, and those who have blocked them. So a change of presence finds everyone to tell without a search.
/// </summary>
public sealed class ContactStore(StorageClients storage) : IAudience
{
    private readonly Table table = storage.ProjectTable("contacts");

    public async Task<ContactBook> ReadAsync(UserKey user, CancellationToken cancellationToken)
    {
        var contacts = new List<string>();
        var blocked = new HashSet<string>(StringComparer.Ordinal);
        var watchers = new List<string>();
        var oneSided = new List<string>();
        await foreach (var row in table.EnumerateAsync($"PartitionKey eq {user.Partition}", 1_000, cancellationToken))
        {
            var id = KeyText.Decode(row.RowKey[2..]);
            switch (row.RowKey[0])
            {
                case 'c':
                    contacts.Add(id);
                    break;
                case 'b':
                    blocked.Add(id);
                    if (row.GetBoolean("BothSides") != true)
                    {
                        oneSided.Add(id);
                    }

                    break;
                case 'w':
                    watchers.Add(id);
                    break;
            }
        }

        return new ContactBook(contacts, blocked, watchers, oneSided);
    }

    public async Task<IReadOnlyList<string>> FindAsync(UserKey user, bool onlyContacts, CancellationToken cancellationToken)
    {
        var book = await ReadAsync(user, cancellationToken);
        var contacts = onlyContacts ? book.Contacts.ToHashSet(StringComparer.Ordinal) : null;
        return [.. book.Watchers.Where(watcher => !book.Blocked.Contains(watcher) && contacts?.Contains(watcher) != false)];
    }

    /// <returns>False when the contact was in the list already.</returns>
    public async Task<bool> AddAsync(UserKey user, string contact, CancellationToken cancellationToken)
    {
        // The watcher row goes first. A contact whose changes are never told would be worse than a watcher row without a contact.
        await table.UpsertAsync(
            new TableEntity(ChatKeys.User(new(user.ProjectId, contact)), ChatKeys.Watcher(user.LoginId)), cancellationToken);
        return await table.TryAddAsync(new TableEntity(user.Partition, ChatKeys.Contact(contact)), cancellationToken) is not null;
    }

    public async Task RemoveAsync(UserKey user, string contact, CancellationToken cancellationToken)
    {
        await table.DeleteAsync(user.Partition, ChatKeys.Contact(contact), cancellationToken);
        await table.DeleteAsync(ChatKeys.User(new(user.ProjectId, contact)), ChatKeys.Watcher(user.LoginId), cancellationToken);
    }

    public async Task SetBlockedAsync(UserKey user, string other, bool blocked, CancellationToken cancellationToken)
    {
        var partition = user.Partition;
        var otherPartition = ChatKeys.User(new(user.ProjectId, other));
        if (blocked)
        {
            // The other side goes first: a block that somebody does not find there would not be kept everywhere.
            await table.UpsertAsync(new TableEntity(otherPartition, ChatKeys.Blocker(user.LoginId)), cancellationToken);
            await table.UpsertAsync(new TableEntity(partition, ChatKeys.Block(other)) { ["BothSides"] = true }, cancellationToken);
        }
        else
        {
            await table.DeleteAsync(partition, ChatKeys.Block(other), cancellationToken);
            await table.DeleteAsync(otherPartition, ChatKeys.Blocker(user.LoginId), cancellationToken);
        }
    }

    /// <summary>The login ids of all who have blocked the user.</summary>
    public async Task<IReadOnlySet<string>> BlockersAsync(UserKey user, CancellationToken cancellationToken)
    {
        var blockers = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey eq {user.Partition} and RowKey ge {ChatKeys.BlockersFrom} and RowKey lt {ChatKeys.BlockersTo}", 1_000,
            cancellationToken))
        {
            blockers.Add(KeyText.Decode(row.RowKey[ChatKeys.BlockersFrom.Length..]));
        }

        return blockers;
    }

    public async Task<bool> IsContactAsync(UserKey user, string other, CancellationToken cancellationToken) =>
        await table.FindAsync(user.Partition, ChatKeys.Contact(other), cancellationToken) is not null;

    public async Task<bool> IsBlockedAsync(UserKey user, string other, CancellationToken cancellationToken) =>
        await table.FindAsync(user.Partition, ChatKeys.Block(other), cancellationToken) is not null;
}
