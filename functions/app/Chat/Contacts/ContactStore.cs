using Vox.Chat.Model;
using Azure.Data.Tables;
using Vox.Chat.People;
using Vox.Platform.Storage;

namespace Vox.Chat.Contacts;

/// <summary>What one user keeps about others, by their login ids.</summary>
/// <param name="OneSided">
/// Those of the blocked users in whose partition it does not stand yet, because they were blocked before it was noted there.
/// </param>
public sealed record ContactBook(IReadOnlyList<string> Contacts, IReadOnlySet<string> Blocked, IReadOnlyList<string> OneSided);

/// <summary>
/// Table <c>contacts</c>. A user's own partition holds their contacts and the users they blocked. The partition of a login id holds, the
/// other way round, the users who have it as a contact, and those who have blocked it. So a change of presence finds everyone to tell
/// without a search.
/// </summary>
public sealed class ContactStore(StorageClients storage) : IAudience
{
    private readonly Table table = storage.ProjectTable("contacts");

    public async Task<ContactBook> ReadAsync(UserIdentity user, CancellationToken cancellationToken)
    {
        var contacts = new List<string>();
        var blocked = new HashSet<string>(StringComparer.Ordinal);
        var oneSided = new List<string>();
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey eq {user.Partition} and RowKey lt {ChatKeys.WatchersFrom}", 1_000, cancellationToken))
        {
            var id = KeyText.Decode(row.RowKey[2..]);
            if (row.RowKey[0] == 'c')
            {
                contacts.Add(id);
                continue;
            }

            blocked.Add(id);
            if (row.GetBoolean("BothSides") != true)
            {
                oneSided.Add(id);
            }
        }

        return new ContactBook(contacts, blocked, oneSided);
    }

    /// <summary>The users who have the login id in their contacts.</summary>
    public async Task<List<UserIdentity>> FindWatchersAsync(UserKey user, CancellationToken cancellationToken) =>
        await FindOthersAsync(user, ChatKeys.WatchersFrom, ChatKeys.WatchersTo, cancellationToken);

    public async Task<IReadOnlyList<UserIdentity>> FindAsync(
        UserIdentity user, bool onlyContacts, CancellationToken cancellationToken)
    {
        var reading = ReadAsync(user, cancellationToken);
        var watchers = await FindWatchersAsync(user.Key, cancellationToken);
        var book = await reading;
        var contacts = onlyContacts ? book.Contacts.ToHashSet(StringComparer.Ordinal) : null;
        return watchers.FindAll(watcher => !book.Blocked.Contains(watcher.LoginId) && contacts?.Contains(watcher.LoginId) != false);
    }

    /// <returns>False when the contact was in the list already.</returns>
    public async Task<bool> AddAsync(UserIdentity user, string contact, CancellationToken cancellationToken)
    {
        // The watcher row goes first. A contact whose changes are never told would be worse than a watcher row without a contact.
        await table.UpsertAsync(
            new TableEntity(ChatKeys.User(new(user.ProjectId, contact)), ChatKeys.Watcher(user)), cancellationToken);
        return await table.TryAddAsync(new TableEntity(user.Partition, ChatKeys.Contact(contact)), cancellationToken) is not null;
    }

    public async Task RemoveAsync(UserIdentity user, string contact, CancellationToken cancellationToken)
    {
        await table.DeleteAsync(user.Partition, ChatKeys.Contact(contact), cancellationToken);
        await table.DeleteAsync(ChatKeys.User(new(user.ProjectId, contact)), ChatKeys.Watcher(user), cancellationToken);
    }

    public async Task SetBlockedAsync(UserIdentity user, string other, bool blocked, CancellationToken cancellationToken)
    {
        var partition = user.Partition;
        var otherPartition = ChatKeys.User(new(user.ProjectId, other));
        if (blocked)
        {
            // The other side goes first: a block that somebody does not find there would not be kept everywhere.
            await table.UpsertAsync(new TableEntity(otherPartition, ChatKeys.Blocker(user)), cancellationToken);
            await table.UpsertAsync(new TableEntity(partition, ChatKeys.Block(other)) { ["BothSides"] = true }, cancellationToken);
        }
        else
        {
            await table.DeleteAsync(partition, ChatKeys.Block(other), cancellationToken);
            await table.DeleteAsync(otherPartition, ChatKeys.Blocker(user), cancellationToken);
        }
    }

    /// <summary>Removes a login id, which is nobody's any more, from the contacts and blocked users of others.</summary>
    /// <returns>From how many.</returns>
    public async Task<long> ForgetAsync(UserKey user, CancellationToken cancellationToken)
    {
        var (watchers, blockers) = (await FindWatchersAsync(user, cancellationToken), await BlockersAsync(user, cancellationToken));
        foreach (var watcher in watchers)
        {
            await RemoveAsync(watcher, user.LoginId, cancellationToken);
        }

        foreach (var blocker in blockers)
        {
            await SetBlockedAsync(blocker, user.LoginId, false, cancellationToken);
        }

        return watchers.Count + blockers.Count;
    }

    /// <summary>All who have blocked the user.</summary>
    public async Task<IReadOnlySet<UserIdentity>> BlockersAsync(UserKey user, CancellationToken cancellationToken) =>
        (await FindOthersAsync(user, ChatKeys.BlockersFrom, ChatKeys.BlockersTo, cancellationToken)).ToHashSet();

    public async Task<bool> IsContactAsync(UserIdentity user, string other, CancellationToken cancellationToken) =>
        await table.FindAsync(user.Partition, ChatKeys.Contact(other), cancellationToken) is not null;

    public async Task<bool> IsBlockedAsync(UserIdentity user, string other, CancellationToken cancellationToken) =>
        await table.FindAsync(user.Partition, ChatKeys.Block(other), cancellationToken) is not null;

    private async Task<List<UserIdentity>> FindOthersAsync(UserKey user, string from, string to, CancellationToken cancellationToken)
    {
        var others = new List<UserIdentity>();
        await foreach (var row in table.EnumerateAsync(
            $"PartitionKey eq {user.Partition} and RowKey ge {from} and RowKey lt {to}", 1_000, cancellationToken))
        {
            others.Add(ChatKeys.WatcherOf(user.ProjectId, row.RowKey));
        }

        return others;
    }
}
