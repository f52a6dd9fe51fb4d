using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Conversations;
using Vox.Http;
using Vox.Profiles;
using Vox.Realtime;
using Vox.Security;
using Vox.Sessions;
using Vox.Storage;
using Vox.Users;

namespace Vox.Contacts;

/// <summary>A user's contact list, and whom he has blocked.</summary>
public sealed class ContactService(
    ContactStore store, ConversationStore conversations, PersonReader people, UserService users, LoginIds loginIds,
    IOptions<ContactOptions> options, TimeProvider time)
{
    private readonly ExpiringCache<(string User, string Other), bool> blocks = new(50_000, TimeSpan.FromSeconds(30), time);

    public async Task<ContactList> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var book = await store.ReadAsync(caller.Project.Id, caller.LoginId, cancellationToken);
        var found = (await people.ReadAsync(caller.Project.Id, book.Contacts, caller.LoginId, cancellationToken))
            .ToDictionary(person => person.Id, StringComparer.Ordinal);
        return new ContactList([.. book.Contacts.Select(id => found.TryGetValue(id, out var person)
            ? new ContactView(
                id, 1, true, book.Blocked.Contains(id), person.DisplayName, person.Status, person.Photo, person.Online, person.LastSeen)
            : new ContactView(id, 1, false, book.Blocked.Contains(id), "", "", "", false, 0))]);
    }

    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public async Task<ContactAdded> AddAsync(Caller caller, string? id, CancellationToken cancellationToken)
    {
        var contact = Other(caller, id);
        var book = await store.ReadAsync(caller.Project.Id, caller.LoginId, cancellationToken);
        if (book.Contacts.Count >= options.Value.MaxContacts && !book.Contacts.Contains(contact, StringComparer.Ordinal))
        {
            throw new VoxException(Errors.LimitReached, $"A contact list has at most {options.Value.MaxContacts:N0} entries.", "id");
        }

        var added = await store.AddAsync(caller.Project.Id, caller.LoginId, contact, cancellationToken);
        var registered = await users.FindRecentAsync(caller.Project.Id, contact, cancellationToken) is not null;
        return new ContactAdded(contact, registered, added);
    }

    public Task RemoveAsync(Caller caller, string? id, CancellationToken cancellationToken) =>
        store.RemoveAsync(caller.Project.Id, caller.LoginId, Other(caller, id), cancellationToken);

    public async Task<BlockList> ListBlockedAsync(Caller caller, CancellationToken cancellationToken) =>
        new([.. (await store.ReadAsync(caller.Project.Id, caller.LoginId, cancellationToken)).Blocked]);

    /// <summary>Also notes it in the conversation's head, where a send meets it without a further request.</summary>
    /// <exception cref="VoxException">user_not_found, limit_reached</exception>
    public async Task BlockAsync(Caller caller, string? id, bool blocked, CancellationToken cancellationToken)
    {
        var projectId = caller.Project.Id;
        var loginId = Other(caller, id);
        if (await users.FindRecentAsync(projectId, loginId, cancellationToken) is not { } other)
        {
            if (!blocked)
            {
                await store.SetBlockedAsync(projectId, caller.LoginId, loginId, false, cancellationToken);
                return;
            }

            throw new VoxException(Errors.UserNotFound, "There is no user with this id in the project.", "id");
        }

        if (blocked && (await store.ReadAsync(projectId, caller.LoginId, cancellationToken)).Blocked.Count >= options.Value.MaxContacts)
        {
            throw new VoxException(Errors.LimitReached, $"At most {options.Value.MaxContacts:N0} users can be blocked.", "id");
        }

        await store.SetBlockedAsync(projectId, caller.LoginId, loginId, blocked, cancellationToken);
        blocks.Set((Keys.User(projectId, caller.LoginId), loginId), blocked);

        // Who has blocked the caller's name, when it was another's: the conversation may begin with this.
        var blocksMe = blocked && await store.IsBlockedAsync(projectId, loginId, caller.LoginId, cancellationToken);
        await conversations.ChangeHeadAsync(
            ConversationKey.Between(projectId, caller.Sender.Uid, other.Uid),
            head => WithBlock(head, caller, other, blocked, blocksMe),
            cancellationToken);
    }

    /// <summary>Whether <paramref name="loginId"/> has blocked <paramref name="other"/>, as of half a minute ago.</summary>
    public async ValueTask<bool> HasBlockedAsync(string projectId, string loginId, string other, CancellationToken cancellationToken)
    {
        var key = (Keys.User(projectId, loginId), other);
        if (!blocks.TryGet(key, out var blocked))
        {
            blocked = await store.IsBlockedAsync(projectId, loginId, other, cancellationToken);
            blocks.Set(key, blocked);
        }

        return blocked;
    }

    private static ConversationHead? WithBlock(ConversationHead? head, Caller caller, User other, bool blocked, bool blocksMe)
    {
        head ??= new ConversationHead(
            [new Member(caller.LoginId, caller.Sender.Uid), new Member(other.LoginId, other.Uid, Blocks: blocksMe)], 0, 0, Closed: false, Version: null);
        var members = head.Members.ToArray();
        var own = head.IndexOf(caller.Sender.Uid);
        if (members[own].Blocks == blocked)
        {
            return null;
        }

        members[own] = members[own] with { Blocks = blocked };
        return head with { Members = members };
    }

    private string Other(Caller caller, string? id)
    {
        var other = loginIds.Check(id, "id");
        return other == caller.LoginId ? throw new VoxException(Errors.InvalidField, "id is your own.", "id") : other;
    }
}

/// <summary>Tells those who had somebody in their contacts before he became a user.</summary>
public sealed partial class JoinedNotifier(ContactStore store, Pusher pusher, ILogger<JoinedNotifier> logger) : IUserCreationStep
{
    public void Created(User user) => _ = TellAsync(user);

    private async Task TellAsync(User user)
    {
        try
        {
            var book = await store.ReadAsync(user.ProjectId, user.LoginId, CancellationToken.None);
            pusher.ToUsers(
                user.ProjectId, [.. book.Watchers], RealtimeEvents.Joined, new JoinedEvent(user.LoginId), WireJson.Wire.JoinedEvent);
        }
        catch (Exception e)
        {
            NotTold(e);
        }
    }

    [LoggerMessage(5000, LogLevel.Warning, "Could not tell who knows a new user")]
    private partial void NotTold(Exception exception);
}

/// <summary>Takes a deleted user's list away; others keep him in theirs, as somebody who is no user.</summary>
public sealed class ContactRemoval(ContactStore store) : IUserRemovalStep
{
    public async Task RemoveAsync(User user, CancellationToken cancellationToken)
    {
        var book = await store.ReadAsync(user.ProjectId, user.LoginId, cancellationToken);
        foreach (var contact in book.Contacts)
        {
            await store.RemoveAsync(user.ProjectId, user.LoginId, contact, cancellationToken);
        }

        foreach (var blocked in book.Blocked)
        {
            await store.SetBlockedAsync(user.ProjectId, user.LoginId, blocked, false, cancellationToken);
        }
    }
}
