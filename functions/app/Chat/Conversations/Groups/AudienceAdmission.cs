using Microsoft.Extensions.Options;
using Vox.Chat.Contacts;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>Somebody who is to join a broadcast group: the user, or why not.</summary>
public sealed record Candidate(string LoginId, User? User, VoxException? Refusal);

/// <summary>Who may be added to a broadcast group. Each user for themselves: one who is refused does not stop the others.</summary>
public sealed class AudienceAdmission(
    UserStore users, LoginIds loginIds, ContactStore contacts, GroupAdmission admission, AudienceStore audience,
    IOptions<GroupOptions> options)
{
    /// <summary>Login ids in one call.</summary>
    public const int MaxIds = 1_000;

    /// <summary>The login ids of a request, each once.</summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public List<string> CheckIds(IReadOnlyList<string>? ids)
    {
        if (ids is not { Count: > 0 })
        {
            throw new VoxException(Errors.MissingField, "ids is missing or empty.", "ids");
        }

        return ids.Count <= MaxIds
            ? [.. ids.Select(id => loginIds.Check(id, "ids")).Distinct(StringComparer.Ordinal)]
            : throw new VoxException(Errors.TooLong, $"ids may have at most {MaxIds:N0} entries: send the others in another call.", "ids");
    }

    /// <summary>
    /// Whether so many more find room. Two calls at the same moment may pass the limit by as many as they add: counting exactly would make
    /// all of them wait for one row.
    /// </summary>
    /// <exception cref="VoxException">limit_reached</exception>
    public async Task CheckRoomAsync(ConversationKey key, int more, CancellationToken cancellationToken)
    {
        var count = await audience.CountAsync(key, cancellationToken);
        if (count + more > options.Value.MaxBroadcastMembers)
        {
            throw new VoxException(
                Errors.LimitReached,
                $"A broadcast group has at most {options.Value.MaxBroadcastMembers:N0} members; this one has {count:N0}.", "ids");
        }
    }

    public async Task<IReadOnlyList<Candidate>> FindAsync(
        GroupActor actor, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var blocked = (await contacts.ReadAsync(actor.Identity, cancellationToken)).Blocked;
        return await ManyRequests.EachAsync(ids, async id =>
        {
            try
            {
                return new Candidate(id, await FindAsync(actor, id, blocked.Contains(id), cancellationToken), null);
            }
            catch (VoxException e)
            {
                return new Candidate(id, null, e);
            }
        }, cancellationToken);
    }

    private async Task<User> FindAsync(GroupActor actor, string id, bool isBlocked, CancellationToken cancellationToken)
    {
        if (await users.FindAsync(new(actor.ProjectId, id), cancellationToken) is not { DeletedAt: null } user)
        {
            throw new VoxException(Errors.UserNotFound, $"There is no user {id} in the project.", "ids");
        }

        if (isBlocked)
        {
            throw new VoxException(Errors.Blocked, $"You have blocked {id}: unblock first.", "ids");
        }

        if (await contacts.IsBlockedAsync(user.Identity, actor.LoginId, cancellationToken))
        {
            throw new VoxException(Errors.Blocked, $"{id} does not want to be added by you.", "ids");
        }

        await admission.CheckGroupCountAsync(user.Identity, cancellationToken);
        return user;
    }
}
