using System.Globalization;
using Vox.Chat.ApiKeys;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.ServerApi.Groups;

/// <summary>Groups themselves, for customers' servers. What the owner of a group may do, the server may do, in the owner's name.</summary>
public sealed class ServerGroupService(
    ServerGroups named, GroupService groups, GroupChanges changes, GroupNotifier notifier, AudienceService audience,
    ConversationScanStore scan, ConversationStore conversations, RecentStore recents, UserService users, LoginIds loginIds,
    ServerActions actions)
{
    public const int MaxPage = 100;

    private const string CursorKind = "groups";

    /// <summary>Requests for a page. Deleted groups cost one each and are not shown.</summary>
    private const int MaxLooks = 300;

    /// <param name="idempotencyKey">Null for none.</param>
    /// <exception cref="VoxException">
    /// missing_field, too_long, invalid_field, user_not_found, blocked, limit_reached, group_exists
    /// </exception>
    internal async Task<ServerGroup> CreateAsync(
        ServerCaller caller, CreateServerGroupRequest request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var project = caller.Project;
        var ownId = request.Id is null ? "" : ServerGroups.CheckOwnId(request.Id);
        var custom = CustomData.Check(request.Custom, "custom") ?? "";
        if (request.Members is { Count: > AudienceAdmission.MaxIds })
        {
            throw new VoxException(
                Errors.TooLong, $"members may have at most {AudienceAdmission.MaxIds:N0} entries: add the others afterwards.", "members");
        }

        var owner = await FindUserAsync(project, request.Owner, "owner", cancellationToken);
        if (ownId.Length > 0 && await named.FindEverAsync(project.Id, ownId, cancellationToken) is { } present)
        {
            throw new VoxException(
                Errors.GroupExists, present.Head.Closed
                    ? "A group with this id was deleted. An id names one group for ever: choose another one."
                    : "There is a group with this id already.", "id");
        }

        ConversationKey? key = ownId.Length > 0 ? ServerGroups.KeyOf(project.Id, ownId, request.Broadcast) : null;
        var view = await groups.CreateAsync(
            new GroupActor(project.Id, new Sender(owner.LoginId, owner.Uid), Client: null),
            new CreateGroupRequest(request.Name, request.Description, request.Photo, request.Members, request.Broadcast),
            idempotencyKey, cancellationToken, new KeptGroup(key, ownId, custom));
        return await GetAsync(project, view.Id, cancellationToken);
    }

    /// <exception cref="VoxException">group_not_found</exception>
    internal async Task<ServerGroup> GetAsync(Project project, string id, CancellationToken cancellationToken)
    {
        var group = await named.FindAsync(project.Id, id, cancellationToken);
        return await ViewAsync(group.Key, group.Head, exact: true, cancellationToken);
    }

    /// <summary>A page of the project's groups: one request for each of them.</summary>
    /// <exception cref="VoxException">invalid_field</exception>
    internal async Task<ServerGroupPage> ListAsync(Project project, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var last = Cursor.Read(CursorKind, cursor) ?? "";
        var page = new List<(ConversationKey Key, ConversationHead Head)>(limit);
        for (var looks = 0; page.Count < limit && looks < MaxLooks; looks++)
        {
            if (await scan.NextGroupAsync(project.Id, last, cancellationToken) is not { } next)
            {
                last = "";
                break;
            }

            last = next.Id;
            if (next.Head is { Group: not null, Closed: false } head)
            {
                page.Add((new(project.Id, next.Id), head));
            }
        }

        return new ServerGroupPage(
            await ManyRequests.EachAsync(page, group => ViewAsync(group.Key, group.Head, exact: false, cancellationToken),
                cancellationToken),
            last.Length > 0 ? Cursor.Create(CursorKind, last) : null);
    }

    /// <summary>A page of the groups that a user is a member of.</summary>
    /// <exception cref="VoxException">user_not_found, invalid_field</exception>
    internal async Task<ServerGroupPage> ListOfAsync(
        Project project, string member, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var user = await FindUserAsync(project, member, "member", cancellationToken);
        var after = Cursor.Read(CursorKind, cursor) ?? "";
        var all = (await recents.ListGroupsAsync(user.Identity, cancellationToken)).Select(recent => recent.ConversationId)
            .Where(id => string.CompareOrdinal(id, after) > 0).Order(StringComparer.Ordinal).ToList();
        var page = all.Take(limit).ToList();
        var found = await ManyRequests.EachAsync(page, async id =>
        {
            var key = new ConversationKey(project.Id, id);
            return await conversations.FindHeadAsync(key, cancellationToken) is { Group: not null, Closed: false } head
                ? await ViewAsync(key, head, exact: false, cancellationToken)
                : null;
        }, cancellationToken);
        return new ServerGroupPage(
            [.. found.OfType<ServerGroup>()], all.Count > page.Count ? Cursor.Create(CursorKind, page[^1]) : null);
    }

    /// <param name="ifMatch">Changes the group only if it has one of these ETags; null for whatever it has.</param>
    /// <exception cref="VoxException">
    /// group_not_found, precondition_failed, missing_field, too_long, invalid_field, member_not_found
    /// </exception>
    internal async Task<ServerGroup> PatchAsync(
        ServerCaller caller, string id, PatchServerGroupRequest request, IReadOnlyList<string>? ifMatch,
        CancellationToken cancellationToken)
    {
        var custom = CustomData.Check(request.Custom, "custom");
        var heir = request.Owner is null ? null : loginIds.Check(request.Owner, "owner");
        return await named.AsOwnerAsync(
            caller.Project, id, async group =>
            {
                var (name, description, photo) = await groups.CheckAsync(
                    group.Actor, new(request.Name, request.Description, request.Photo), cancellationToken);
                var changed = await changes.RunAsync(
                    group.Key, [.. new[] { group.Owner.LoginId, heir ?? group.Owner.LoginId }.Distinct(StringComparer.Ordinal)], state =>
                    {
                        if (ifMatch is not null && !ifMatch.Contains(Etag(state.Info), StringComparer.Ordinal))
                        {
                            throw ETags.Changed();
                        }

                        var info = state.Info with
                        {
                            Name = name ?? state.Info.Name,
                            Description = description ?? state.Info.Description,
                            Photo = photo ?? state.Info.Photo,
                            Custom = custom ?? state.Info.Custom,
                            Frozen = request.Frozen ?? state.Info.Frozen,
                        };
                        var plan = heir is null || heir == state.Info.OwnerLogin
                            ? new GroupPlan(info, [])
                            : Inherit(state, group.Actor, info, heir);
                        return Task.FromResult(plan.Info == state.Info ? null : plan);
                    });
                if (changed is not null)
                {
                    var ids = changed.Ids;
                    await notifier.ToGroupAsync(
                        group.Actor, group.Key, ids.Count > 0 ? GroupEvents.Promoted : GroupEvents.Updated, changed.Head, ids);
                    if (request.Frozen is { } frozen && frozen != group.Info.Frozen)
                    {
                        await actions.DoneAsync(caller, frozen ? "group.frozen" : "group.unfrozen", Named(group), cancellationToken);
                    }
                }

                return await GetAsync(caller.Project, group.Key.Id, cancellationToken);
            },
            cancellationToken);
    }

    /// <exception cref="VoxException">group_not_found, precondition_failed</exception>
    internal Task DeleteAsync(ServerCaller caller, string id, IReadOnlyList<string>? ifMatch, CancellationToken cancellationToken) =>
        named.AsOwnerAsync(
            caller.Project, id, async group =>
            {
                if (ifMatch is not null && !ifMatch.Contains(Etag(group.Info), StringComparer.Ordinal))
                {
                    throw ETags.Changed();
                }

                await groups.DeleteAsync(group.Actor, group.Key);
                await actions.DoneAsync(caller, "group.deleted", Named(group), cancellationToken);
                return true;
            },
            cancellationToken);

    /// <summary>The owner becomes an admin, the heir the owner.</summary>
    private static GroupPlan Inherit(GroupState state, GroupActor actor, GroupInfo info, string heir)
    {
        if (state.FindPresent(heir) is not { InAudience: false } next || state.FindPresent(state.Info.OwnerLogin) is not { } owner)
        {
            throw state.RoleOf(actor) is GroupRole.Owner
                ? new VoxException(
                    Errors.MemberNotFound,
                    $"{heir} cannot become the owner: they must be a member, and in a broadcast group an admin.", "owner")
                : GroupErrors.NotAMember();
        }

        return new GroupPlan(
            info with { OwnerLogin = next.LoginId, OwnerUid = next.Uid },
            [new(next, next with { Role = GroupRole.Owner }), new(owner, owner with { Role = GroupRole.Admin })]);
    }

    private async Task<ServerGroup> ViewAsync(
        ConversationKey key, ConversationHead head, bool exact, CancellationToken cancellationToken)
    {
        var info = head.Group!;
        var count = key.IsBroadcast ? await audience.CountAsync(key, head, exact, cancellationToken) : info.MemberCount;
        return new ServerGroup(
            info.OwnId.Length > 0 ? info.OwnId : key.Id, key.Id, info.Name, info.Description, info.Photo, info.OwnerLogin, count,
            key.IsBroadcast, info.Frozen, CustomData.Read(info.Custom), DateTimeOffset.FromUnixTimeMilliseconds(info.CreatedAt),
                Etag(info));
    }

    private async Task<User> FindUserAsync(Project project, string? id, string field, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(id))
        {
            throw new VoxException(Errors.MissingField, $"{field} is missing or blank.", field);
        }

        return await users.FindNowAsync(project, id, cancellationToken)
            ?? throw new VoxException(Errors.UserNotFound, "There is no user with this id in the project.", field);
    }

    private static string Named(NamedGroup group) => group.Info.OwnId.Length > 0 ? group.Info.OwnId : group.Key.Id;

    /// <summary>The version counts every change; the change's name tells two apart that stem from a restore.</summary>
    private static string Etag(GroupInfo info) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{info.Version:x}-{KeyText.Digest(info.Change)[..8]}\"");
}
