using Vox.Chat.Contacts;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Conversations.Messages;

namespace Vox.Chat.Realtime;

/// <summary>Names of the events that clients listen to; documented in docs/realtime.md.</summary>
public static class RealtimeEvents
{
    /// <summary>A message, to its recipient and to the sender's own devices. Argument: <see cref="MessageEvent"/>.</summary>
    public const string Message = "message";

    /// <summary>Somebody's marks have moved; to the other user, and what was read to the reader's own devices. <see cref="ReceiptEvent"/>.</summary>
    public const string Receipt = "receipt";

    /// <summary>Something about a group has changed; to its members and to those whom it concerns. <see cref="GroupEvent"/>.</summary>
    public const string Group = "group";

    /// <summary>A contact came or went. <see cref="PresenceEvent"/>.</summary>
    public const string Presence = "presence";

    /// <summary>A contact changed his profile. <see cref="ProfileEvent"/>.</summary>
    public const string Profile = "profile";

    /// <summary>A contact who was no user yet has become one. <see cref="JoinedEvent"/>.</summary>
    public const string Joined = "joined";

    /// <summary>Somebody is typing. <see cref="TypingEvent"/>.</summary>
    public const string Typing = "typing";
}
