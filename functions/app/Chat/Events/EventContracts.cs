using System.ComponentModel;
using System.Text.Json;

namespace Vox.Chat.Events;

internal sealed record UserEventData(
    [property: Description("The login id.")]
    string User);

internal sealed record UserUpdatedData(
    [property: Description("The login id.")]
    string User,
    [property: Description("The profile, when it or the custom data has changed.")]
    string? DisplayName = null,
    [property: Description("As displayName.")]
    string? Status = null,
    [property: Description("As displayName. The storage key of a picture; empty for none.")]
    string? Photo = null,
    [property: Description("Whether the user may log in, when that has changed.")]
    bool? Disabled = null)
{
    [Description("The custom data, when it has changed; an empty object for none.")]
    public JsonElement? Custom { get; init; }
}

internal sealed record ReceiptEventData(
    string Conversation,
    [property: Description("The login id of the user who has received or read messages.")]
    string User,
    [property: Description("All messages up to this sequence.")]
    long Sequence);

internal sealed record GroupEventData(
    [property: Description("The group as it is after the change.")]
    EventGroup Group,
    [property: Description(
        "The login id of the user who did it; the owner's when the customer's server did it. In user deletions: the deleted user.")]
    string By);

internal sealed record GroupMembersEventData(
    EventGroup Group,
    string By,
    [property: Description("The login ids of those whom the change concerns. Of many, each event has some.")]
    IReadOnlyList<string> Members);

internal sealed record GroupRolesEventData(
    EventGroup Group,
    string By,
    [property: Description("Those whose roles have changed.")]
    IReadOnlyList<EventMember> Members);

internal sealed record EventMember(
    [property: Description("The login id.")]
    string User,
    [property: Description("owner, admin or member.")]
    string Role);

internal sealed record EventGroup(
    [property: Description("The conversation's id: messages of the group have it.")]
    string Conversation,
    [property: Description("The id that the customer's server has given it. Absent for none.")]
    string? Id,
    string Name,
    string Description,
    [property: Description("The storage key of a picture; empty for none.")]
    string Photo,
    [property: Description("The owner's login id.")]
    string Owner,
    [property: Description("Counts the changes of the group. In a broadcast group, members who come and go do not count.")]
    long Version,
    [property: Description("True for a broadcast group; absent for any other.")]
    bool? Broadcast = null,
    [property: Description("True while only the owner and the admins write to it; absent otherwise.")]
    bool? Frozen = null);

internal sealed record FileEventData(
    [property: Description("The storage key.")]
    string Key,
    [property: Description("The login id of who uploaded it.")]
    string User,
    [property: Description("In bytes.")]
    long Size,
    [property: Description("4 image, 5 video, 7 document.")]
    int Type,
    string ContentType,
    [property: Description("The storage key of its thumbnail. Absent for none.")]
    string? Thumbnail = null,
    [property: Description("Where it was sent to: a login id or a group's id. Absent when it was not sent.")]
    string? To = null);

internal sealed record FlagEventData(
    [property: Description("The id in the queue of the server API: /api/server/v1/moderation/flags/{id}.")]
    string Id,
    [property: Description("The login id of the user who flagged. Absent: a word list did.")]
    string? By,
    [property: Description("The login id of the flagged user, or of who wrote the flagged message.")]
    string User,
    [property: Description("spam, harassment, hate, violence, sexual, self_harm, illegal, other, or word_list.")]
    string Reason,
    [property: Description("What the user who flagged adds, or the words. Absent for nothing.")]
    string? Text = null,
    [property: Description("The conversation of the message. Absent for a user.")]
    string? Conversation = null,
    [property: Description("The sequence of the message. Absent for a user.")]
    long? Sequence = null,
    [property: Description("The first 1,000 characters of the message, as it was when it was flagged. Absent for a user.")]
    string? Data = null);

internal sealed record LimitEventData(
    [property: Description(
        "project_storage (the files of the project), user_storage (those of a user), project_rate (requests a second), credits.")]
    string Limit,
    [property: Description("The login id of the user whose limit it is. Absent when it is the project's.")]
    string? User = null,
    [property: Description("A sentence for people.")]
    string? Detail = null);
