using Vox.Chat.ApiKeys;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.ServerApi.Users;

/// <summary>What customers' servers do with the users of their project.</summary>
public sealed class ServerUserService(
    UserService users, UserStore store, LoginIds loginIds, CustomStore people, ProfileService profiles, SessionEnding ending,
    IEnumerable<IServerActionStep> steps)
{
    public const int MaxUpsert = 100;
    public const int MaxPage = 100;

    private const string CursorKind = "users";

    /// <summary>Creates the users that do not exist, and changes the others. Everything is checked before anything is done.</summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    internal async Task<UpsertUsersResponse> UpsertAsync(
        ServerCaller caller, UpsertUsersRequest request, CancellationToken cancellationToken)
    {
        var drafts = request.Users is { Count: > 0 } given
            ? given
            : throw new VoxException(Errors.MissingField, "users must have at least one user.", "users");
        if (drafts.Count > MaxUpsert)
        {
            throw new VoxException(Errors.TooLong, $"users may have at most {MaxUpsert} users: send the others in further calls.", "users");
        }

        var wanted = drafts.Select((draft, i) => WantedUser.Of(draft, $"users[{i}]", loginIds)).ToList();
        if (wanted.CountBy(user => user.Id, StringComparer.Ordinal).FirstOrDefault(id => id.Value > 1) is { Key: { } twice })
        {
            throw new VoxException(Errors.InvalidField, $"users has the id {twice} more than once.", "users");
        }

        var existing = await ManyRequests.EachAsync(
            wanted, user => users.FindNowAsync(caller.Project, user.Id, cancellationToken), cancellationToken);
        foreach (var (user, _) in wanted.Zip(existing).Where(pair => pair.Second is null))
        {
            loginIds.CheckNew(user.Id, $"{user.Place}.id");
        }

        var done = await ManyRequests.EachAsync(
            wanted.Zip(existing), pair => UpsertAsync(caller.Project, pair.First, pair.Second, cancellationToken), cancellationToken);
        return new UpsertUsersResponse(
            [.. done.Select(user => user.View)], [.. done.Where(user => user.Created).Select(user => user.View.Id)]);
    }

    /// <exception cref="VoxException">user_not_found</exception>
    internal async Task<ServerUser> GetAsync(Project project, string id, CancellationToken cancellationToken)
    {
        var user = await FindAsync(project, id, cancellationToken);
        return ServerUserView.Of(user, await people.ReadAsync(user.Identity, cancellationToken));
    }

    /// <summary>Costs two storage requests, whatever the page; one more if it has both plain ASCII ids and others.</summary>
    /// <param name="prefix">Only users whose id begins with it; empty: all.</param>
    /// <exception cref="VoxException">invalid_field</exception>
    internal async Task<ServerUserPage> ListAsync(
        Project project, string prefix, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var after = Cursor.Read(CursorKind, cursor);
        var page = new List<User>(limit + 1);
        await foreach (var user in store.ListByPrefixAsync(
            project.Id, LoginIds.Canonical(prefix), after, limit + 1, cancellationToken))
        {
            page.Add(user);
            if (page.Count > limit)
            {
                break;
            }
        }

        var next = page.Count > limit ? page[limit - 1].LoginId : null;
        page = page[..Math.Min(limit, page.Count)];
        if (page.Count == 0)
        {
            return new ServerUserPage([], null);
        }

        // Plain ids and others are far apart in the table, however close they are in the list: between them may be the whole project.
        var kept = new Dictionary<string, KeptPerson>(StringComparer.Ordinal);
        foreach (var kind in page.GroupBy(user => user.Key.Partition[project.Id.Length + 1]))
        {
            var ordered = kind.OrderBy(user => user.Key.Partition, StringComparer.Ordinal).ToList();
            foreach (var (partition, person) in await people.ReadBetweenAsync(
                ordered[0].Identity, ordered[^1].Identity, cancellationToken))
            {
                kept[partition] = person;
            }
        }

        return new ServerUserPage(
            [.. page.Select(user => ServerUserView.Of(user, kept.GetValueOrDefault(user.Identity.Partition) ?? KeptPerson.Empty))],
            Cursor.Create(CursorKind, next));
    }

    /// <param name="ifMatch">Changes the user only if they have one of these ETags; null for whatever they have.</param>
    /// <exception cref="VoxException">user_not_found, precondition_failed, too_long, invalid_field</exception>
    internal async Task<ServerUser> PatchAsync(
        Project project, string id, PatchUserRequest request, IReadOnlyList<string>? ifMatch, CancellationToken cancellationToken)
    {
        var wanted = WantedUser.Of(
            new(id, request.DisplayName, request.Status, request.Photo) { Custom = request.Custom }, "", loginIds);
        while (true)
        {
            var user = await FindAsync(project, id, cancellationToken);
            var before = await people.ReadAsync(user.Identity, cancellationToken);
            if (ifMatch is not null && !ifMatch.Contains(ServerUserView.Of(user, before).Etag, StringComparer.Ordinal))
            {
                throw ETags.Changed();
            }

            if (await TrySaveAsync(user, before, wanted, cancellationToken) is { } after)
            {
                return ServerUserView.Of(user, after);
            }
        }
    }

    /// <summary>Keeps the user from logging in and ends their sessions, or lets them log in again.</summary>
    /// <exception cref="VoxException">user_not_found</exception>
    internal async Task<ServerUser> SetDisabledAsync(ServerCaller caller, string id, bool disabled, CancellationToken cancellationToken)
    {
        var user = await FindAsync(caller.Project, id, cancellationToken);
        var changed = await users.ChangeAsync(caller.Project, user.LoginId, null, disabled, cancellationToken);
        if (disabled)
        {
            await ending.EndAllAsync(changed.Identity, cancellationToken);
        }

        await DoneAsync(caller, disabled ? "user.disabled" : "user.enabled", changed.LoginId, cancellationToken);
        return ServerUserView.Of(changed, await people.ReadAsync(changed.Identity, cancellationToken));
    }

    /// <exception cref="VoxException">user_not_found, precondition_failed</exception>
    internal async Task DeleteAsync(ServerCaller caller, string id, IReadOnlyList<string>? ifMatch, CancellationToken cancellationToken)
    {
        var user = await FindAsync(caller.Project, id, cancellationToken);
        if (ifMatch is not null
            && !ifMatch.Contains(
                ServerUserView.Of(user, await people.ReadAsync(user.Identity, cancellationToken)).Etag, StringComparer.Ordinal))
        {
            throw ETags.Changed();
        }

        await users.DeleteUserAsync(caller.Project, user.LoginId, cancellationToken);
        await DoneAsync(caller, "user.deleted", user.LoginId, cancellationToken);
    }

    private async Task<(ServerUser View, bool Created)> UpsertAsync(
        Project project, WantedUser wanted, User? existing, CancellationToken cancellationToken)
    {
        var created = existing is null;
        var user = existing ?? await CreateAsync();
        while (true)
        {
            var before = await people.ReadAsync(user.Identity, cancellationToken);
            if (await TrySaveAsync(user, before, wanted, cancellationToken) is { } after)
            {
                return (ServerUserView.Of(user, after), created);
            }
        }

        async Task<User> CreateAsync()
        {
            try
            {
                return await users.CreateWithoutPasswordAsync(project, wanted.Id, $"{wanted.Place}.id", cancellationToken);
            }
            catch (VoxException e) when (e.Error == Errors.UserExists)
            {
                // Another call has created the user a moment ago: then this one changes them.
                if (await users.FindNowAsync(project, wanted.Id, cancellationToken) is not { } found)
                {
                    throw;
                }

                created = false;
                return found;
            }
        }
    }

    /// <returns>What the user has now; null when somebody else was faster.</returns>
    private async Task<KeptPerson?> TrySaveAsync(User user, KeptPerson before, WantedUser wanted, CancellationToken cancellationToken)
    {
        var profile = ProfileService.Apply(before.Profile, wanted.Change);
        var custom = wanted.Custom ?? before.Custom;
        if (profile != before.Profile)
        {
            await profiles.ChoosePictureAsync(user.Identity, profile, cancellationToken);
        }

        if (!await people.TrySaveAsync(user.Identity, before, profile, custom, cancellationToken))
        {
            return null;
        }

        if (profile != before.Profile || custom != before.Custom)
        {
            await profiles.TellServersAsync(user.Identity, profile, custom != before.Custom ? custom : null);
        }

        if (profile != before.Profile)
        {
            await profiles.TellAsync(user.Identity, profile, cancellationToken);
        }

        return before with { Profile = profile, Custom = custom };
    }

    /// <exception cref="VoxException">user_not_found</exception>
    internal async Task<User> FindAsync(Project project, string id, CancellationToken cancellationToken) =>
        await users.FindNowAsync(project, id, cancellationToken)
        ?? throw new VoxException(Errors.UserNotFound, "There is no user with this id in the project.", "id");

    private async Task DoneAsync(ServerCaller caller, string action, string detail, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await step.DoneAsync(caller, action, detail, cancellationToken);
        }
    }
}
