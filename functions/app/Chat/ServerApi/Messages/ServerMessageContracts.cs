using System.ComponentModel;
using System.Text.Json;
using Vox.Chat.Conversations;
using Vox.Chat.Conversations.Messages;

namespace Vox.Chat.ServerApi.Messages;

/// <summary><c>POST /api/server/v1/messages</c></summary>
internal sealed record ServerSendRequest(
    [property: Description("The user who sends it. Not with system.")]
    string? From = null,
    [property: Description("The recipient's id, or the id of a group's conversation. Or else group.")]
    string? To = null,
    [property: Description("The text, or the data of another type.")]
    string? Data = null,
    [property: Description("1 text (default), 2 HTML, 3 location, 4 image, 5 video, 6 contact, 7 document.")]
    int Type = 1,
    [property: Description("MIME type. Default text/plain.")]
    string? ContentType = null,
    [property: Description("Unique per sender, for ever: the same again answers the first result. Default: made of the Idempotency-Key.")]
    string? Id = null,
    [property: Description("False: nobody is told when it was delivered and read. Default true.")]
    bool? Reports = null,
    [property: Description("Whether the sender has read what came before it. Default false, because a server reads nothing.")]
    bool? MarksRead = null,
    [property: Description("A group, by its own id or its conversation's. Instead of to.")]
    string? Group = null,
    [property: Description("True: your system says it, and no user. Only in groups. Default false.")]
    bool System = false)
{
    [Description("The sequence of the message that it answers, in the same conversation.")]
    public long? ReplyTo { get; init; }

    [Description("The sequence of the message whose thread it goes into, in the same conversation.")]
    public long? Thread { get; init; }

    [Description("In a group: ids of the members whom it mentions, at most 50.")]
    public IReadOnlyList<string>? Mentions { get; init; }

    [Description("In a group: it mentions everybody. The sender must be allowed to.")]
    public bool? MentionsAll { get; init; }

    [Description("Your own JSON object, at most 4,096 bytes in UTF-8. Members of the conversation see it.")]
    public JsonElement Custom { get; init; }

    [Description("True: apps announce it without a sound. Default false.")]
    public bool? Silent { get; init; }
}

internal sealed record ServerConversationPage(
    [property: Description("As the user sees them, most recent first.")]
    IReadOnlyList<ConversationSummary> Conversations,
    [property: Description("Pass it as cursor to get the next page. Absent on the last page.")]
    string? Next);

internal sealed record ServerMessagePage(
    [property: Description("The conversation's id.")]
    string Conversation,
    [property: Description("Sequence of the newest message.")]
    long LastSequence,
    [property: Description("As the user sees them, newest first.")]
    IReadOnlyList<MessageEvent> Messages,
    [property: Description("Pass it as cursor to get the next page. Absent on the last page.")]
    string? Next);

/// <summary><c>PATCH /api/server/v1/conversations/{conversation}/messages/{sequence}</c></summary>
internal sealed record EditServerMessageRequest(
    [property: Description("The new text. Limits are those of a new message.")]
    string? Data)
{
    [Description("In a group: ids of the members whom it mentions from now on, at most 50. Absent: as before.")]
    public IReadOnlyList<string>? Mentions { get; init; }

    [Description("In a group: whether it mentions everybody from now on. Absent: as before.")]
    public bool? MentionsAll { get; init; }
}

internal sealed record ServerMessageChange(
    [property: Description("The conversation's id.")]
    string Conversation,
    [property: Description("The message's number in it.")]
    long Sequence,
    [property: Description("False when the message was so already, and nobody was told.")]
    bool Changed,
    [property: Description("The message as it is now. Its change, in quotes, is its ETag; a message that was never changed has \"0\".")]
    MessageEvent Message);

/// <summary><c>GET /api/server/v1/conversations/{conversation}/messages/{sequence}/versions</c></summary>
internal sealed record ServerMessageVersions(
    [property: Description("The message as it is now.")]
    MessageEvent Message,
    [property: Description("The texts that it had before, oldest first: at most the last ten. Empty when it was never edited, when "
        + "nobody kept them, and when the message was deleted or erased.")]
    IReadOnlyList<ServerMessageVersion> Versions);

internal sealed record ServerMessageVersion(
    [property: Description("The text.")]
    string Data,
    [property: Description("When it was written, in Unix ms.")]
    long WrittenAt);
