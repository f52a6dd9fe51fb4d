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

    public async Task<ContactBook> ReadAsync(string projectId, string loginId, CancellationToken cancellationToken)
    {
        var contacts = new List<string>();
        var blocked = new HashSet<string>(StringComparer.Ordinal);
        var watchers = new List<string>();
        await foreach (var row in table.EnumerateAsync($"PartitionKey eq {ChatKeys.User(projectId, loginId)}", 1_000, cancellationToken))
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

    public async Task<IReadOnlyList<string>> FindAsync(string projectId, string loginId, CancellationToken cancellationToken)
    {
        var book = await ReadAsync(projectId, loginId, cancellationToken);
        return [.. book.Watchers.Where(watcher => !book.Blocked.Contains(watcher))];
    }

    /// <returns>False when the contact was in the list already.</returns>
    public async Task<bool> AddAsync(string projectId, string loginId, string contact, CancellationToken cancellationToken)
    {
        // The watcher row goes first. A contact whose changes are never told would be worse than a watcher row without a contact.
        await table.UpsertAsync(new TableEntity(ChatKeys.User(projectId, contact), ChatKeys.Watcher(loginId)), cancellationToken);
        return await table.TryAddAsync(new TableEntity(ChatKeys.User(projectId, loginId), ChatKeys.Contact(contact)), cancellationToken) is not null;
    }

    public async Task RemoveAsync(string projectId, string loginId, string contact, CancellationToken cancellationToken)
    {
        await table.DeleteAsync(ChatKeys.User(projectId, loginId), ChatKeys.Contact(contact), cancellationToken);
        await table.DeleteAsync(ChatKeys.User(projectId, contact), ChatKeys.Watcher(loginId), cancellationToken);
    }

    public async Task SetBlockedAsync(string projectId, string loginId, string other, bool blocked, CancellationToken cancellationToken)
    {
        var partition = ChatKeys.User(projectId, loginId);
        if (blocked)
        {
            await table.UpsertAsync(new TableEntity(partition, ChatKeys.Block(other)), cancellationToken);
        }
        else
        {
            await table.DeleteAsync(partition, ChatKeys.Block(other), cancellationToken);
        }
    }

    public async Task<bool> IsBlockedAsync(string projectId, string loginId, string other, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.User(projectId, loginId), ChatKeys.Block(other), cancellationToken) is not null;
}
