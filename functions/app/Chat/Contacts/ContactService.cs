using Vox.Chat.Model;
using Microsoft.Extensions.Options;
using Vox.Chat.People;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Contacts;

/// <summary>A user's contacts and the users they have blocked.</summary>
public sealed class ContactService(
    ContactStore store, IEnumerable<IBlockStep> steps, PersonReader people, UserService users, LoginIds loginIds,
    IOptions<ContactOptions> options, TimeProvider time)
{
    private readonly ExpiringCache<(string User, string Other), bool> blocks = new(50_000, TimeSpan.FromSeconds(30), time);

    public async Task<ContactList> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var book = await store.ReadAsync(caller.Identity, cancellationToken);
        var found = (await people.ReadAsync(caller.Project, book.Contacts, caller.LoginId, cancellationToken))
            .ToDictionary(person => person.Id, StringComparer.Ordinal);
        return new ContactList([.. book.Contacts.Select(id => found.TryGetValue(id, out var person)
            ? new ContactView(
                id, 1, true, book.Blocked.Contains(id), person.DisplayName, person.Status, person.Photo, person.Online, person.LastSeen)
            : new ContactView(id, 1, false, book.Blocked.Contains(id), "", "", "", false, 0))]);
    }

    /// <exception cref="VoxException">missing_field, too_long, invalid_field, limit_reached</exception>
    public async Task<ContactAdded> AddAsync(Caller caller, string? id, CancellationToken cancellationToken)
    {
        var contact = Other(caller, id);
        var book = await store.ReadAsync(caller.Identity, cancellationToken);
        if (book.Contacts.Count >= options.Value.MaxContacts && !book.Contacts.Contains(contact, StringComparer.Ordinal))
        {
            throw new VoxException(Errors.LimitReached, $"A contact list has at most {options.Value.MaxContacts:N0} entries.", "id");
        }

        var added = await store.AddAsync(caller.Identity, contact, cancellationToken);
        var registered = (await people.ReadAsync(caller.Project, [contact], caller.LoginId, cancellationToken)).Count > 0;
        return new ContactAdded(contact, registered, added);
    }

    public Task RemoveAsync(Caller caller, string? id, CancellationToken cancellationToken) =>
        store.RemoveAsync(caller.Identity, Other(caller, id), cancellationToken);

    /// <summary>Clients ask for it when they start. So this is where blocks from before are noted on the other side as well.</summary>
    public async Task<BlockList> ListBlockedAsync(Caller caller, CancellationToken cancellationToken)
    {
        var book = await store.ReadAsync(caller.Identity, cancellationToken);
        foreach (var other in book.OneSided)
        {
            await store.SetBlockedAsync(caller.Identity, other, true, cancellationToken);
        }

        return new([.. book.Blocked]);
    }

    /// <summary>Blocks a user, or unblocks them.</summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field, user_not_found, limit_reached</exception>
    public async Task BlockAsync(Caller caller, string? id, bool blocked, CancellationToken cancellationToken)
    {
        var projectId = caller.Project.Id;
        var loginId = Other(caller, id);
        if (await users.FindRecentAsync(new(projectId, loginId), cancellationToken) is not { } other)
        {
            if (!blocked)
            {
                await store.SetBlockedAsync(caller.Identity, loginId, false, cancellationToken);
                return;
            }

            throw new VoxException(Errors.UserNotFound, "There is no user with this id in the project.", "id");
        }

        if (blocked
            && (await store.ReadAsync(caller.Identity, cancellationToken)).Blocked.Count >= options.Value.MaxContacts)
        {
            throw new VoxException(Errors.LimitReached, $"At most {options.Value.MaxContacts:N0} users can be blocked.", "id");
        }

        await store.SetBlockedAsync(caller.Identity, loginId, blocked, cancellationToken);
        blocks.Set((caller.Identity.Partition, loginId), blocked);

        foreach (var step in steps)
        {
            await step.BlockedAsync(caller, other, blocked, cancellationToken);
        }
    }

    /// <summary>Whether the user has blocked <paramref name="other"/>. The answer may be half a minute old.</summary>
    public async ValueTask<bool> HasBlockedAsync(UserIdentity user, string other, CancellationToken cancellationToken)
    {
        var key = (user.Partition, other);
        if (!blocks.TryGet(key, out var blocked))
        {
            blocked = await store.IsBlockedAsync(user, other, cancellationToken);
            blocks.Set(key, blocked);
        }

        return blocked;
    }

    private string Other(Caller caller, string? id)
    {
        var other = loginIds.Check(id, "id");
        return other == caller.LoginId ? throw new VoxException(Errors.InvalidField, "id is your own.", "id") : other;
    }
}
