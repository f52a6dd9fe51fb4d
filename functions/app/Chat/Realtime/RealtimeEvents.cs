namespace Vox.Chat.Realtime;

/// <summary>Names of the events that clients listen to; documented in docs/realtime.md.</summary>
internal static class RealtimeEvents
{
    /// <summary>A message. Goes to its recipient and to the sender's own devices. Argument: <see cref="MessageEvent"/>.</summary>
    public const string Message = "message";

    /// <summary>
    /// A message was changed: edited, deleted, reacted to, pinned. Goes to all members of the conversation, also to the devices of who
    /// changed it. Argument: <see cref="ChangeEvent"/>.
    /// </summary>
    public const string Change = "change";

    /// <summary>
    /// A user's marks have moved. Goes to the other user, in a group to the authors. Read marks also go to the reader's own devices.
    /// Argument: <see cref="ReceiptEvent"/>.
    /// </summary>
    public const string Receipt = "receipt";

    /// <summary>
    /// A group has changed. Goes to its members and to those whom the change concerns. Argument: <see cref="GroupEvent"/>.
    /// </summary>
    public const string Group = "group";

    /// <summary>
    /// The user has changed what they have set for themselves in a conversation. Goes to their own devices. Argument:
    /// <see cref="ConversationSettings"/>.
    /// </summary>
    public const string Settings = "settings";

    /// <summary>A contact came online or went offline. Argument: <see cref="PresenceEvent"/>.</summary>
    public const string Presence = "presence";

    /// <summary>A contact changed their profile. Argument: <see cref="ProfileEvent"/>.</summary>
    public const string Profile = "profile";

    /// <summary>A contact who was not yet a user has become one. Argument: <see cref="JoinedEvent"/>.</summary>
    public const string Joined = "joined";

    /// <summary>A user is typing. Argument: <see cref="TypingEvent"/>.</summary>
    public const string Typing = "typing";
}
