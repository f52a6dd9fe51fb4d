using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;
using Vox.Portal.Projects;

namespace Vox.Portal.Users;

/// <summary>One user with their devices and conversations, and actions on many users.</summary>
public sealed class UserDetailService(
    UserService users, PortalUserService actions, SessionStore sessions, SessionEnding ending, PersonStore people, PresenceStore presence,
    RecentStore recents, ConversationStore conversations, ProjectAudit audit, TimeProvider time)
{
    /// <summary>How many users one call changes.</summary>
    public const int MaxUsers = 100;

    private const int MaxConversations = 50;

    /// <summary>Of so many conversations the heads are read to find the newest.</summary>
    private const int MaxRead = 200;

    /// <summary>Costs four requests, and one for each of at most 200 conversations. Texts of messages are not read.</summary>
    /// <exception cref="VoxException">user_not_found</exception>
    public async Task<ProjectUserDetails> ReadAsync(Project project, string username, CancellationToken cancellationToken)
    {
        var user = await FindAsync(project, username, cancellationToken);
        var listing = sessions.ListAsync(user.Identity, cancellationToken);
        var reading = people.ReadAsync(user.Identity, cancellationToken);
        var onlineSince = await presence.OnlineSinceAsync(user.Identity, cancellationToken);
        var all = await recents.ListAsync(user.Identity, cancellationToken);
        var read = await ManyRequests.EachAsync(
            all.Take(MaxRead), recent => ViewAsync(project, recent, cancellationToken), cancellationToken);
        var shown = read.OrderByDescending(view => view.LastMessageAt).Take(MaxConversations).ToList();
        var (profile, seen) = await reading;
        var last = onlineSince ?? seen;
        var now = time.GetUtcNow();
        return new ProjectUserDetails(
            user.LoginId, user.CreatedAt, user.DisabledAt is not null, onlineSince is not null,
            last > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(last) : null, profile.DisplayName, profile.Status,
            [
                .. (await listing).Where(session => !session.LoggedOut && session.BelongsTo(user, now) && session.ExpiresAt > now)
                    .OrderByDescending(session => session.RotatedAt)
                    .Select(s => new UserSession(s.Id, s.Device, s.CreatedAt, s.RotatedAt, s.ExpiresAt)),
            ],
            shown, all.Count - shown.Count);
    }

    /// <summary>Ends one session of a user, or all.</summary>
    /// <exception cref="VoxException">user_not_found, not_found</exception>
    public async Task EndSessionsAsync(ProjectCaller caller, EndSessionsRequest request, CancellationToken cancellationToken)
    {
        var user = await FindAsync(caller.Project, request.Username ?? "", cancellationToken);
        if (request.Id is not { } id)
        {
            await ending.EndAllAsync(user.Identity, cancellationToken);
        }
        else if ((await sessions.ListAsync(user.Identity, cancellationToken)).Exists(session => session.Id == id))
        {
            await ending.EndAsync(user.Identity, id, cancellationToken);
        }
        else
        {
            throw new VoxException(Errors.NotFound, "The user has no such session: it has ended already.", "id");
        }

        await audit.RecordAsync(caller, "user.logged_out", user.LoginId, cancellationToken);
    }

    /// <summary>Does the same to many users, one after the other. Those who cannot be changed do not stop the others.</summary>
    /// <exception cref="VoxException">missing_field, invalid_field, limit_reached</exception>
    public async Task<ManyUsersResponse> ChangeManyAsync(
        ProjectCaller caller, ManyUsersRequest request, CancellationToken cancellationToken)
    {
        var act = ActionOf(caller, request.Action, cancellationToken);
        if (request.Usernames is not { Count: > 0 } names)
        {
            throw new VoxException(Errors.MissingField, "usernames is missing or empty.", "usernames");
        }

        if (names.Count > MaxUsers)
        {
            throw new VoxException(Errors.LimitReached, $"At most {MaxUsers} users at a time: send several calls.", "usernames");
        }

        var done = 0;
        var refused = new List<RefusedUser>();
        foreach (var name in names.Select(name => name ?? "").Distinct(StringComparer.Ordinal))
        {
            try
            {
                await act(name);
                done++;
            }
            catch (VoxException e) when (!e.Error.Retryable)
            {
                refused.Add(new RefusedUser(name.Length > 200 ? name[..200] : name, e.Error.Code, e.Message));
            }
        }

        return new ManyUsersResponse(done, refused);
    }

    private Func<string, Task> ActionOf(ProjectCaller caller, string? action, CancellationToken cancellationToken) => action switch
    {
        "disable" => name => actions.SetStatusAsync(caller, new UserStatusRequest(name, true), cancellationToken),
        "enable" => name => actions.SetStatusAsync(caller, new UserStatusRequest(name, false), cancellationToken),
        "logout" => name => EndSessionsAsync(caller, new EndSessionsRequest(name, null), cancellationToken),
        "delete" => name => actions.DeleteAsync(caller, name, cancellationToken),
        _ => throw new VoxException(Errors.InvalidField, "action must be disable, enable, logout or delete.", "action"),
    };

    private async Task<UserConversation> ViewAsync(Project project, Recent recent, CancellationToken cancellationToken)
    {
        var head = await conversations.FindHeadAsync(new(project.Id, recent.ConversationId), cancellationToken);
        var at = head is { LastSequence: > 0, LastTime: > 0 }
            ? DateTimeOffset.FromUnixTimeMilliseconds(head.LastTime)
            : (DateTimeOffset?)null;
        return new UserConversation(
            recent.ConversationId, recent.Group ? head?.Group?.Name ?? recent.ConversationId : recent.With, recent.Group, recent.Left,
            head?.LastSequence ?? 0, at);
    }

    private async Task<User> FindAsync(Project project, string username, CancellationToken cancellationToken) =>
        await users.FindNowAsync(project, username, cancellationToken)
        ?? throw new VoxException(Errors.UserNotFound, "There is no user with this username in the project.", "username");
}
