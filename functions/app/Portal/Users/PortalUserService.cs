using System.Globalization;
using System.Runtime.CompilerServices;
using Vox.Chat.People;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Projects;

namespace Vox.Portal.Users;

/// <summary>What developers do with the users of a project.</summary>
public sealed class PortalUserService(
    UserService users, UserStore store, SessionEnding ending, PresenceStore presence, PersonStore people, ProjectAudit audit)
{
    /// <param name="search">Only usernames that contain this text; empty: all.</param>
    /// <param name="after">The <c>Next</c> of the page before; null: the first page.</param>
    public async Task<ProjectUserPage> ListAsync(
        string projectId, string search, string? after, int size, CancellationToken cancellationToken)
    {
        var page = new List<User>(size);
        string? next = null;
        await foreach (var user in store.ListAsync(projectId, after, search, search.Length == 0 ? size + 1 : 1_000, cancellationToken))
        {
            if (page.Count == size)
            {
                next = page[^1].LoginId;
                break;
            }

            page.Add(user);
        }

        var identities = page.ConvertAll(user => user.Identity);
        var reading = people.ReadManyAsync(identities, cancellationToken);
        var online = await presence.OnlineSinceManyAsync(identities, cancellationToken);
        var known = await reading;
        return new ProjectUserPage(page.ConvertAll(View), next);

        ProjectUser View(User user)
        {
            var since = online.TryGetValue(user.Identity, out var at) ? at : (long?)null;
            var last = since ?? known[user.Identity].LastSeen;
            return new ProjectUser(
                user.LoginId, user.CreatedAt, user.DisabledAt is not null, since is not null,
                last > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(last) : null);
        }
    }

    /// <summary>The rows of a CSV file of users: username, time of creation (UTC), status.</summary>
    /// <param name="search">Only usernames that contain this text; empty: all.</param>
    public async IAsyncEnumerable<string[]> ExportAsync(
        string projectId, string search, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var user in store.ListAsync(projectId, null, search, 1_000, cancellationToken))
        {
            yield return
            [
                user.LoginId, user.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                user.DisabledAt is null ? "enabled" : "disabled",
            ];
        }
    }

    /// <exception cref="VoxException">missing_field, too_long, invalid_field, user_exists</exception>
    public async Task AddAsync(ProjectCaller caller, AddUserRequest user, CancellationToken cancellationToken)
    {
        var created = await users.CreateUserAsync(caller.Project, user.Username, user.Password, cancellationToken);
        await audit.RecordAsync(caller, "user.created", created.LoginId, cancellationToken);
    }

    /// <exception cref="VoxException">user_not_found</exception>
    public async Task DeleteAsync(ProjectCaller caller, string username, CancellationToken cancellationToken)
    {
        await users.DeleteUserAsync(caller.Project, username, cancellationToken);
        await audit.RecordAsync(caller, "user.deleted", username, cancellationToken);
    }

    /// <summary>Sets a user's password and ends all of their sessions.</summary>
    /// <exception cref="VoxException">user_not_found, missing_field, too_long</exception>
    public async Task ResetPasswordAsync(ProjectCaller caller, AddUserRequest user, CancellationToken cancellationToken)
    {
        var changed = await users.ChangeAsync(caller.Project, user.Username, user.Password ?? "", null, cancellationToken);
        await ending.EndAllAsync(changed.Identity, cancellationToken);
        await audit.RecordAsync(caller, "user.password_reset", changed.LoginId, cancellationToken);
    }

    /// <summary>Disables or enables a user. A disabled user is logged out everywhere.</summary>
    /// <exception cref="VoxException">missing_field, user_not_found</exception>
    public async Task SetStatusAsync(ProjectCaller caller, UserStatusRequest status, CancellationToken cancellationToken)
    {
        var disabled = status.Disabled ?? throw new VoxException(Errors.MissingField, "disabled is missing.", "disabled");
        var changed = await users.ChangeAsync(caller.Project, status.Username, null, disabled, cancellationToken);
        if (disabled)
        {
            await ending.EndAllAsync(changed.Identity, cancellationToken);
        }

        await audit.RecordAsync(caller, disabled ? "user.disabled" : "user.enabled", changed.LoginId, cancellationToken);
    }
}
