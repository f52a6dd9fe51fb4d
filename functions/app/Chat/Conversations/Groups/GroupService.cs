using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Model;
using Vox.Chat.Sessions;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;
using Vox.Platform.Text;

namespace Vox.Chat.Conversations.Groups;

/// <summary>Groups themselves: begin, show, describe, delete. Their members: <see cref="GroupMembership"/>.</summary>
public sealed class GroupService(
    GroupChanges changes, GroupReader reader, ConversationStore conversations, RecentStore recents, GroupLive live,
    GroupMembership membership, AudienceService audience, GroupStore store, GroupAdmission admission, GroupNotifier notifier,
    IEnumerable<IPictureStep> pictures, IOptions<GroupOptions> options, TimeProvider time)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Begins a group.</summary>
    /// <param name="idempotencyKey">If it is given again, the caller gets the same group again.</param>
    /// <param name="kept">What the customer's server keeps with it; null for a group that a user begins.</param>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field, user_not_found, blocked, limit_reached</exception>
    public async Task<GroupView> CreateAsync(
        GroupActor actor, CreateGroupRequest request, string? idempotencyKey, CancellationToken cancellationToken, KeptGroup? kept = null)
    {
        var name = CheckName(request.Name) ?? throw new VoxException(Errors.MissingField, "name is missing or blank.", "name");
        var description = Check(request.Description, "description", options.Value.MaxDescription) ?? "";
        var photo = await CheckPhotoAsync(actor, request.Photo, cancellationToken);
        var key = kept?.Key ?? ConversationKey.NewGroup(
            actor.ProjectId, request.Broadcast ?? false,
            idempotencyKey is { Length: > 0 } ? Digest(actor.Uid, idempotencyKey) : RandomIds.Create(22));
        if (idempotencyKey is { Length: > 0 } && await conversations.FindHeadAsync(key, cancellationToken) is not null)
        {
            return await GetAsync(actor.Sender, key, cancellationToken);
        }

        if (key.IsBroadcast)
        {
            var broadcast = new GroupInfo(name, description, photo, actor.LoginId, actor.Uid, 1, 1, 0)
            {
                OwnId = kept?.OwnId ?? "",
                Custom = kept?.Custom ?? "",
            };
            return await CreateBroadcastAsync(actor, key, broadcast, request.Members, cancellationToken);
        }

        var others = request.Members is { Count: > 0 }
            ? await admission.CheckNewAsync(
                actor, admission.CheckIds(request.Members, "members").Where(id => id != actor.LoginId), 1, cancellationToken)
            : [];
        await admission.CheckGroupCountAsync(actor.Identity, cancellationToken);

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        GroupMember Member(string loginId, string uid, GroupRole role) =>
            new(loginId, uid, role, 0, now, 1, Left: false, 0, 1, Blocked: false, 0, Mark.None);
        var first = others.Take(GroupStore.MaxChanges - 1).Select(user => Member(user.LoginId, user.Uid, GroupRole.Member)).ToList();
        var info = new GroupInfo(name, description, photo, actor.LoginId, actor.Uid, 1, 1 + first.Count, now)
        {
            OwnId = kept?.OwnId ?? "",
            Custom = kept?.Custom ?? "",
            LastJoin = 0,
        };
        var head = new ConversationHead([], 0, now, Closed: false, null, info)
        {
            Epochs = ConversationEpoch.First(DateTimeOffset.FromUnixTimeMilliseconds(now)),
        };
        if (!await changes.BeginAsync(key, head, [Member(actor.LoginId, actor.Uid, GroupRole.Owner), .. first]))
        {
            // The same request came twice at once.
            return await GetAsync(actor.Sender, key, cancellationToken);
        }

        await membership.RemoveGoneAsync(key, first);
        await notifier.ToUserAsync(
            actor, key, GroupEvents.Created, head, [actor.LoginId, .. first.Select(m => m.LoginId)], [actor.LoginId]);
        if (first.Count > 0)
        {
            await notifier.ToGroupAsync(actor, key, GroupEvents.Added, head, [.. first.Select(m => m.LoginId)], admins: [actor.LoginId]);
        }

        await membership.AddInPortionsAsync(actor, key, [.. others.Skip(first.Count)]);
        return await GetAsync(actor.Sender, key, cancellationToken);
    }

    /// <summary>Begins with the owner alone: the others join as those do who come later.</summary>
    private async Task<GroupView> CreateBroadcastAsync(
        GroupActor actor, ConversationKey key, GroupInfo info, IReadOnlyList<string>? members, CancellationToken cancellationToken)
    {
        await admission.CheckGroupCountAsync(actor.Identity, cancellationToken);
        if (members is { Count: > 0 })
        {
            // Before there is a group, so that a wrong name leaves none behind.
            await audience.CheckAsync(actor, members, cancellationToken);
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var head = new ConversationHead([], 0, now, Closed: false, null, info with { CreatedAt = now })
        {
            Epochs = ConversationEpoch.First(DateTimeOffset.FromUnixTimeMilliseconds(now)),
        };
        var owner = new GroupMember(
            actor.LoginId, actor.Uid, GroupRole.Owner, 0, now, 1, Left: false, 0, 1, Blocked: false, 0, Mark.None);
        if (await changes.BeginAsync(key, head, [owner]))
        {
            await notifier.ToUserAsync(actor, key, GroupEvents.Created, head, [actor.LoginId], [actor.LoginId]);
        }

        if (members?.Where(id => id != actor.LoginId).ToList() is { Count: > 0 } others)
        {
            await audience.AddAsync(actor, key, others, all: true, cancellationToken);
        }

        return await GetAsync(actor.Sender, key, cancellationToken);
    }

    /// <summary>The caller's groups, in the order of their ids.</summary>
    public async Task<GroupPage> ListAsync(Caller caller, int offset, int size, CancellationToken cancellationToken)
    {
        var mine = await recents.ListGroupsAsync(caller.Identity, cancellationToken);
        var found = await ManyRequests.EachAsync(
            mine.Skip(offset).Take(size),
            async recent =>
            {
                try
                {
                    return await reader.GetWindowAsync(caller, new(caller.Project.Id, recent.ConversationId), cancellationToken);
                }
                catch (VoxException e) when (e.Error == Errors.GroupNotFound || e.Error == Errors.NotAMember)
                {
                    // The list lags behind the membership and is about to follow.
                    return null;
                }
            },
            cancellationToken);
        var groups = await ManyRequests.EachAsync(
            found.OfType<GroupWindow>().Zip(mine.Skip(offset).Take(size).Where((_, i) => found[i] is not null))
                .Where(pair => !pair.First.Member.Left),
            pair => SummaryAsync(new(caller.Project.Id, pair.Second.ConversationId), pair.First, cancellationToken),
            cancellationToken);
        return new GroupPage(mine.Count, groups);
    }

    private async Task<GroupSummary> SummaryAsync(ConversationKey key, GroupWindow window, CancellationToken cancellationToken) => new(
        key.Id, window.Info.Name, window.Info.Description, window.Info.Photo, window.Info.OwnerLogin, Role(window.Member.Role),
        key.IsBroadcast ? await audience.CountAsync(key, window.Head, exact: false, cancellationToken) : window.Info.MemberCount,
        window.Info.Version, window.Member.Blocked, key.IsBroadcast ? true : null);

    /// <exception cref="VoxException">group_not_found, not_a_member</exception>
    public async Task<GroupView> GetAsync(Sender sender, ConversationKey key, CancellationToken cancellationToken)
    {
        var (head, members) = await reader.ReadMembersAsync(key, cancellationToken);
        var own = members.Find(member => member.Is(sender.Uid));
        var count = members.Count;
        if (key.IsBroadcast)
        {
            own ??= await store.FindMemberAsync(key, sender.LoginId, cancellationToken) is { } row && row.Is(sender.Uid) ? row : null;
            members.RemoveAll(member => member.Role == GroupRole.Member);
        }

        GroupPolicy.Check(own?.Role, GroupAction.Read);
        count = key.IsBroadcast ? await audience.CountAsync(key, head, exact: true, cancellationToken) : count;
        var info = head.Group!;
        return new GroupView(
            key.Id, info.Name, info.Description, info.Photo, info.OwnerLogin, Role(own!.Role), info.Version, info.CreatedAt, own.Blocked,
            options.Value.History == GroupHistory.All ? 1 : own.JoinedSequence + 1,
            members.ConvertAll(member => new GroupMemberView(member.LoginId, Role(member.Role), member.JoinedAt)), count,
            key.IsBroadcast ? true : null, info.Frozen ? true : null);
    }

    /// <exception cref="VoxException">group_not_found, not_a_member, not_allowed, too_long, invalid_field</exception>
    public async Task<GroupView> UpdateAsync(
        GroupActor actor, ConversationKey key, UpdateGroupRequest request, CancellationToken cancellationToken)
    {
        var (name, description, photo) = await CheckAsync(actor, request, cancellationToken);
        var changed = await changes.RunAsync(key, [actor.LoginId], state =>
        {
            GroupPolicy.Check(state.RoleOf(actor), GroupAction.UpdateInfo);
            var info = state.Info with
            {
                Name = name ?? state.Info.Name,
                Description = description ?? state.Info.Description,
                Photo = photo ?? state.Info.Photo,
            };
            return Task.FromResult(info == state.Info ? null : new GroupPlan(info, []));
        });
        if (changed is not null)
        {
            await notifier.ToGroupAsync(actor, key, GroupEvents.Updated, changed.Head, []);
        }

        return await GetAsync(actor.Sender, key, cancellationToken);
    }

    /// <summary>Checks what a group shall have; null: as it is.</summary>
    /// <exception cref="VoxException">missing_field, too_long, invalid_field</exception>
    public async Task<(string? Name, string? Description, string? Photo)> CheckAsync(
        GroupActor actor, UpdateGroupRequest request, CancellationToken cancellationToken) => (
            CheckName(request.Name),
            Check(request.Description, "description", options.Value.MaxDescription),
            request.Photo is null ? null : await CheckPhotoAsync(actor, request.Photo, cancellationToken));

    /// <exception cref="VoxException">group_not_found, not_a_member, not_allowed</exception>
    public async Task DeleteAsync(GroupActor actor, ConversationKey key)
    {
        var changed = await changes.RunAsync(key, [actor.LoginId], state =>
        {
            GroupPolicy.Check(state.RoleOf(actor), GroupAction.Delete);
            return Task.FromResult<GroupPlan?>(new GroupPlan(state.Info, [], Closes: true));
        });

        // The members hear of it first, and are then taken out of the live group.
        await notifier.ToGroupAsync(actor, key, GroupEvents.Deleted, changed!.Head, []);
        await notifier.ToldAsync(key);
        await live.DissolveAsync(key);
    }

    public static string Role(GroupRole role) => role switch
    {
        GroupRole.Owner => "owner",
        GroupRole.Admin => "admin",
        _ => "member",
    };

    /// <summary>130 bits of a hash as letters and digits.</summary>
    public static string Digest(string uid, string key)
    {
        var number = new BigInteger(SHA256.HashData(Encoding.UTF8.GetBytes($"{uid}\n{key}")), isUnsigned: true);
        return string.Create(22, number, static (text, rest) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                rest = BigInteger.DivRem(rest, Letters.Length, out var digit);
                text[i] = Letters[(int)digit];
            }
        });
    }

    private async Task<string> CheckPhotoAsync(GroupActor actor, string? photo, CancellationToken cancellationToken)
    {
        var key = FileKey.CheckReference(photo, "photo");
        foreach (var step in pictures)
        {
            await step.ChosenAsync(actor.Identity, key, cancellationToken);
        }

        return key;
    }

    private string? CheckName(string? name) => Check(name, "name", options.Value.MaxName) switch
    {
        null => null,
        var text when string.IsNullOrWhiteSpace(text) => throw new VoxException(Errors.MissingField, "name is missing or blank.", "name"),
        var text when !VisibleText.IsVisible(text) => throw new VoxException(
            Errors.InvalidField, "name has no visible character: choose another one.", "name"),
        var text => text,
    };

    private static string? Check(string? value, string field, int max) => value switch
    {
        { Length: var length } when length > max => throw new VoxException(
            Errors.TooLong, $"{field} may have at most {max} characters.", field),
        not null when value.Any(c => char.IsControl(c) && c != '\n') || !LoginIds.IsText(value) => throw new VoxException(
            Errors.InvalidField, $"{field} may not contain control characters.", field),
        _ => value,
    };
}
