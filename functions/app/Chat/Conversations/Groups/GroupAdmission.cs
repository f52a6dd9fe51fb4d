using Vox.Chat.Model;
using Microsoft.Extensions.Options;
using Vox.Chat.Contacts;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>Who may be added to a group: they exist, nobody has blocked anybody, and no limit is passed.</summary>
public sealed class GroupAdmission(
    UserStore users, LoginIds loginIds, ContactStore contacts, RecentStore recents, IOptions<GroupOptions> options)
{
    /// <summary>The login ids of a request, each once.</summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public List<string> CheckIds(IReadOnlyList<string>? ids, string field)
    {
        if (ids is not { Count: > 0 })
        {
            throw new VoxException(Errors.MissingField, $"{field} is missing or empty.", field);
        }

        if (ids.Count > options.Value.MaxMembers)
        {
            throw new VoxException(Errors.LimitReached, $"A group has at most {options.Value.MaxMembers:N0} members.", field);
        }

        return [.. ids.Select(id => loginIds.Check(id, field)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Finds the users, and refuses those whom the actor may not add to a group that has so many members.</summary>
    /// <exception cref="VoxException">user_not_found, blocked, limit_reached</exception>
    public async Task<IReadOnlyList<User>> CheckNewAsync(
        GroupActor actor, IEnumerable<string> ids, int memberCount, CancellationToken cancellationToken)
    {
        var wanted = ids.ToList();
        if (wanted.Count == 0)
        {
            return [];
        }

        CheckRoom(memberCount, wanted.Count);
        var blocked = (await contacts.ReadAsync(actor.Identity, cancellationToken)).Blocked;
        return await ManyRequests.EachAsync(wanted, async id =>
        {
            if (await users.FindAsync(new(actor.ProjectId, id), cancellationToken) is not { DeletedAt: null } user)
            {
                throw new VoxException(Errors.UserNotFound, $"There is no user {id} in the project.", "ids");
            }

            if (blocked.Contains(id))
            {
                throw new VoxException(Errors.Blocked, $"You have blocked {id}: unblock first.", "ids");
            }

            if (await contacts.IsBlockedAsync(user.Identity, actor.LoginId, cancellationToken))
            {
                throw new VoxException(Errors.Blocked, $"{id} does not want to be added by you.", "ids");
            }

            await CheckGroupCountAsync(user.Identity, cancellationToken);
            return user;
        });
    }

    /// <summary>Whether a user may be in one more group.</summary>
    /// <exception cref="VoxException">limit_reached</exception>
    public async Task CheckGroupCountAsync(UserIdentity user, CancellationToken cancellationToken)
    {
        var max = options.Value.MaxPerUser;
        if ((await recents.ListGroupsAsync(user, cancellationToken)).Count >= max)
        {
            throw new VoxException(Errors.LimitReached, $"{user.LoginId} is in {max:N0} groups, and nobody can be in more.", "ids");
        }
    }

    /// <summary>Whether so many more find room in a group.</summary>
    /// <exception cref="VoxException">limit_reached</exception>
    public void CheckRoom(int memberCount, int more)
    {
        if (memberCount + more > options.Value.MaxMembers)
        {
            throw new VoxException(
                Errors.LimitReached, $"A group has at most {options.Value.MaxMembers:N0} members; this one has {memberCount:N0}.", "ids");
        }
    }
}
