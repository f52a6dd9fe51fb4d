namespace Vox.Chat.Events;

/// <summary>What customers' servers are told of. docs/webhooks.md lists them; <c>/api/webhooks/schemas</c> has the data of each.</summary>
internal static class EventTypes
{
    public const string MessageSent = "message.sent";
    public const string MessageEdited = "message.edited";
    public const string MessageDeleted = "message.deleted";
    public const string MessagePinned = "message.pinned";
    public const string MessageUnpinned = "message.unpinned";
    public const string MessageDelivered = "message.delivered";
    public const string MessageRead = "message.read";
    public const string ReactionAdded = "reaction.added";
    public const string ReactionRemoved = "reaction.removed";
    public const string UserCreated = "user.created";
    public const string UserUpdated = "user.updated";
    public const string UserDeleted = "user.deleted";
    public const string UserOnline = "user.online";
    public const string UserOffline = "user.offline";
    public const string GroupCreated = "group.created";
    public const string GroupUpdated = "group.updated";
    public const string GroupDeleted = "group.deleted";
    public const string MembersAdded = "group.members_added";
    public const string MembersRemoved = "group.members_removed";
    public const string MemberLeft = "group.member_left";
    public const string RolesChanged = "group.roles_changed";
    public const string FileUploaded = "file.uploaded";
    public const string MessageFlagged = "message.flagged";
    public const string UserFlagged = "user.flagged";
    public const string LimitReached = "limit.reached";

    /// <summary>Only when somebody asks for it.</summary>
    public const string Test = "webhook.test";

    /// <summary>Of changes of messages: none is lost, see <see cref="ChatLogs.IStoredChangeStep"/>.</summary>
    public static IReadOnlyList<string> OfChanges { get; } =
        [MessageEdited, MessageDeleted, ReactionAdded, ReactionRemoved, MessagePinned, MessageUnpinned];

    /// <summary>What an endpoint can ask for, in the order in which people read it.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        MessageSent, .. OfChanges, MessageDelivered, MessageRead,
        UserCreated, UserUpdated, UserDeleted, UserOnline, UserOffline,
        GroupCreated, GroupUpdated, GroupDeleted, MembersAdded, MembersRemoved, MemberLeft, RolesChanged,
        FileUploaded, MessageFlagged, UserFlagged, LimitReached,
    ];
}
