using System.Text;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Events;
using Vox.Chat.Model;

namespace Vox.Chat.Conversations.Groups;

/// <summary>Tells customers' servers what has changed in a group, before the change is answered.</summary>
public sealed class GroupServerEvents(IProjectEvents events, TimeProvider time)
{
    /// <summary>Of the login ids in one event.</summary>
    private const int MaxBytes = 10_000;

    /// <param name="type">Of <see cref="GroupEvents"/>.</param>
    /// <param name="members">Login ids of those whom the change concerns.</param>
    public async Task TellAsync(
        GroupActor actor, ConversationKey key, string type, ConversationHead head, IReadOnlyCollection<string> members)
    {
        if (head.Group is not { } info || TypeOf(type) is not { } name || !await events.WantsAsync(key.ProjectId, name))
        {
            return;
        }

        var now = time.GetUtcNow();
        var group = new EventGroup(
            key.Id, info.OwnId.Length > 0 ? info.OwnId : null, info.Name, info.Description, info.Photo, info.OwnerLogin, info.Version,
            key.IsBroadcast ? true : null, info.Frozen ? true : null);
        // In a broadcast group the version does not count members who come and go.
        var change = key.IsBroadcast ? Guid.NewGuid().ToString("N") : $"{info.Version}";
        if (type is GroupEvents.Created or GroupEvents.Updated or GroupEvents.Deleted)
        {
            await events.TellAsync(
                key.ProjectId, name, now, new GroupEventData(group, actor.LoginId), EventJson.Wire.GroupEventData, key.Id, change);
            return;
        }

        foreach (var (part, some) in Parts(members).Index())
        {
            string[] identity = [key.Id, change, $"{part}"];
            await (type is GroupEvents.Promoted or GroupEvents.Dismissed
                ? events.TellAsync(
                    key.ProjectId, name, now,
                    new GroupRolesEventData(group, actor.LoginId, [.. some.Select(id => new EventMember(id, RoleOf(type, info, id)))]),
                    EventJson.Wire.GroupRolesEventData, identity)
                : events.TellAsync(
                    key.ProjectId, name, now, new GroupMembersEventData(group, actor.LoginId, some),
                    EventJson.Wire.GroupMembersEventData, identity));
        }
    }

    /// <summary>So many at a time that an event stays small.</summary>
    private static IEnumerable<List<string>> Parts(IEnumerable<string> members)
    {
        var (part, bytes) = (new List<string>(), 0);
        foreach (var id in members)
        {
            var size = Encoding.UTF8.GetByteCount(id) + 30;
            if (bytes + size > MaxBytes)
            {
                yield return part;
                (part, bytes) = ([], 0);
            }

            part.Add(id);
            bytes += size;
        }

        if (part.Count > 0)
        {
            yield return part;
        }
    }

    private static string RoleOf(string type, GroupInfo info, string loginId) =>
        loginId == info.OwnerLogin ? "owner" : type == GroupEvents.Promoted ? "admin" : "member";

    private static string? TypeOf(string type) => type switch
    {
        GroupEvents.Created => EventTypes.GroupCreated,
        GroupEvents.Updated => EventTypes.GroupUpdated,
        GroupEvents.Deleted => EventTypes.GroupDeleted,
        GroupEvents.Added => EventTypes.MembersAdded,
        GroupEvents.Removed => EventTypes.MembersRemoved,
        GroupEvents.Left => EventTypes.MemberLeft,
        GroupEvents.Promoted or GroupEvents.Dismissed => EventTypes.RolesChanged,
        _ => null,
    };
}
