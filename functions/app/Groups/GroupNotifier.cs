using Vox.Conversations;
using Vox.Http;
using Vox.Realtime;

namespace Vox.Groups;

/// <summary>Tells members what has changed: one call to the group, whatever its size.</summary>
public sealed class GroupNotifier(GroupStore groups, Pusher pusher, TimeProvider time)
{
    /// <summary>In the background.</summary>
    /// <param name="members">Whom the change concerns.</param>
    /// <param name="admins">The owner and the admins; looked up when null.</param>
    public void ToGroup(
        GroupActor actor, ConversationKey key, string type, ConversationHead head, IReadOnlyList<string> members,
        IReadOnlyList<string>? admins = null) =>
        pusher.Run(() => ToGroupAsync(actor, key, type, head, members, admins));

    public async Task ToGroupAsync(
        GroupActor actor, ConversationKey key, string type, ConversationHead head, IReadOnlyList<string> members,
        IReadOnlyList<string>? admins = null) =>
        await pusher.ToGroupAsync(
            key.ProjectId, key.Id, RealtimeEvents.Group, await EventAsync(actor, key, type, head, members, admins), WireJson.Wire.GroupEvent);

    /// <summary>Those who are not in the live group: not yet, or not any more.</summary>
    public void ToUsers(
        GroupActor actor, ConversationKey key, string type, ConversationHead head, IReadOnlyList<string> members, IReadOnlyList<string> loginIds,
        IReadOnlyList<string>? admins = null) => pusher.Run(async () =>
    {
        var @event = await EventAsync(actor, key, type, head, members, admins);
        pusher.ToUsers(key.ProjectId, [.. loginIds], RealtimeEvents.Group, @event, WireJson.Wire.GroupEvent);
    });

    /// <summary>The acting user's own devices.</summary>
    public void ToUser(
        GroupActor actor, ConversationKey key, string type, ConversationHead head, IReadOnlyList<string> members,
        IReadOnlyList<string>? admins = null) => ToUsers(actor, key, type, head, members, [actor.LoginId], admins);

    private async Task<GroupEvent> EventAsync(
        GroupActor actor, ConversationKey key, string type, ConversationHead head, IReadOnlyList<string> members, IReadOnlyList<string>? admins)
    {
        var info = head.Group!;
        admins ??= head.Closed ? [] : [.. (await groups.ReadAdminsAsync(key, CancellationToken.None)).Select(member => member.LoginId)];
        return new GroupEvent(
            type, key.Id, info.Name, info.Description, info.Photo, members, admins, info.OwnerLogin, actor.LoginId, info.Version,
            time.GetUtcNow().ToUnixTimeMilliseconds(), actor.Client);
    }
}
