using Vox.Chat.Model;
using Azure.Data.Tables;
using Vox.Chat.People;
using Vox.Platform.Storage;

namespace Vox.Chat.Contacts;

/// <summary>Everything in one user's partition.</summary>
/// <param name="Watchers">The users who have this user in their contacts.</param>
public sealed record ContactBook(IReadOnlyList<string> Contacts, IReadOnlySet<string> Blocked, IReadOnlyList<string> Watchers);

/// <summary>
/// Table <c>contacts</c>. Each user's partition holds their contacts, the users they blocked and, the other way round, the users who have
/// them as a contact. So a change of presence finds everyone to tell without a search.
/// </summary>
public sealed class ContactStore(StorageClients storage) : IAudience
{
    private readonly Table table = storage.ProjectTable("contacts");

    public async Task<ContactBook> ReadAsync(UserKey user, CancellationToken cancellationToken)
    {
        var contacts = new List<string>();
        var blocked = new HashSet<string>(StringComparer.Ordinal);
        var watchers = new List<string>();
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
                    break;
                default:
                    watchers.Add(id);
                    break;
            }
        }

        return new ContactBook(contacts, blocked, watchers);
    }

    public async Task<IReadOnlyList<string>> FindAsync(UserKey user, CancellationToken cancellationToken)
    {
        var book = await ReadAsync(user, cancellationToken);
        return [.. book.Watchers.Where(watcher => !book.Blocked.Contains(watcher))];
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
        if (blocked)
        {
            await table.UpsertAsync(new TableEntity(partition, ChatKeys.Block(other)), cancellationToken);
        }
        else
        {
            await table.DeleteAsync(partition, ChatKeys.Block(other), cancellationToken);
        }
    }

    public async Task<bool> IsBlockedAsync(UserKey user, string other, CancellationToken cancellationToken) =>
        await table.FindAsync(user.Partition, ChatKeys.Block(other), cancellationToken) is not null;
}
