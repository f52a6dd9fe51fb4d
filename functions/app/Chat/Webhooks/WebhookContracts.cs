using System.ComponentModel;
using Vox.Chat.Conversations.Messages;

namespace Vox.Chat.Webhooks;

/// <summary>What every event begins with; <c>data</c> follows.</summary>
/// <param name="Timestamp">When it happened.</param>
internal sealed record WebhookEventHead(string Id, string Type, DateTimeOffset Timestamp, string Project);

/// <param name="Message">As the server API shows it.</param>
/// <param name="Truncated">True when only the beginning of its data is here. Absent otherwise.</param>
internal sealed record WebhookMessageData(MessageEvent Message, bool? Truncated = null);

/// <summary>A change of a message.</summary>
internal sealed record WebhookChangeData(
    [property: Description("The conversation's id.")]
    string Conversation,
    [property: Description("Of the message that was changed.")]
    long Sequence,
    [property: Description("The change's number in the conversation: 1, 2, 3, …")]
    long Change,
    [property: Description("The login id of who made it. Absent when the customer's server did.")]
    string? By,
    [property: Description("Of a reaction.")]
    string? Emoji,
    [property: Description("The message as it is when the event is made: later changes may show. Absent when it is gone.")]
    MessageEvent? Message,
    [property: Description("True when only the beginning of its data is here. Absent otherwise.")]
    bool? Truncated = null);

internal sealed record WebhookTestData(string Webhook, string Text);

/// <summary>To make an endpoint or change it.</summary>
internal sealed record WebhookRequest(
    [property: Description("Where events are sent: https, on the public internet.")]
    string? Url = null,
    [property: Description("The types of events that it gets. docs/webhooks.md lists them, and so does the answer to GET …/webhooks.")]
    IReadOnlyList<string>? Events = null,
    [property: Description("For people to read, at most 200 characters.")]
    string? Description = null,
    [property: Description("False: it gets nothing. Default true.")]
    bool? Enabled = null);

internal sealed record RotateWebhookRequest(
    [property: Description("How long the present secret signs as well: 0 to 168 hours, default 24.")]
    int? OverlapHours = null);

internal sealed record WebhookView(
    string Id,
    string Url,
    IReadOnlyList<string> Events,
    string Description,
    bool Enabled,
    [property: Description("Why it was switched off. Absent when we did not switch it off.")]
    string? DisabledReason,
    [property: Description("The first attempt that failed since the last that succeeded. Absent for none.")]
    DateTimeOffset? FailingSince,
    [property: Description("Until then, the secret from before the last rotation signs as well. Absent for none.")]
    DateTimeOffset? PreviousUntil,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    [property: Description("Signs what is sent. Only in the answer to its creation and rotation.")]
    string? Secret = null)
{
    public static WebhookView Of(WebhookEndpoint endpoint, DateTimeOffset now, bool secret = false) => new(
        endpoint.Id, endpoint.Url, endpoint.Events, endpoint.Description, endpoint.Enabled, endpoint.DisabledReason,
        endpoint.FailingSince, endpoint.PreviousUntil > now ? endpoint.PreviousUntil : null, endpoint.CreatedAt, endpoint.CreatedBy,
        secret ? endpoint.Secret : null);
}

internal sealed record WebhookList(
    IReadOnlyList<WebhookView> Webhooks,
    [property: Description("The types of events that there are.")]
    IReadOnlyList<string> Types);

internal sealed record WebhookDelivery(
    [property: Description("The event at this endpoint.")]
    string Id,
    [property: Description("The event's id, as the header webhook-id has it.")]
    string Event,
    string Type,
    [property: Description("The endpoint's id.")]
    string Webhook,
    [property: Description("When it happened.")]
    DateTimeOffset At,
    [property: Description("delivered, waiting (an attempt follows), or failed.")]
    string State,
    [property: Description("The latest attempt last; at most the last 20.")]
    IReadOnlyList<WebhookAttempt> Attempts,
    [property: Description("What is sent: JSON. Absent in lists.")]
    string? Body = null);

internal sealed record WebhookAttempt(
    DateTimeOffset At,
    [property: Description("The HTTP status; absent when there was no answer.")]
    int? Status,
    [property: Description("How long it took, in milliseconds.")]
    int Milliseconds,
    [property: Description("What went wrong; absent when nothing did.")]
    string? Error = null);

internal sealed record WebhookDeliveryPage(
    [property: Description("The newest first.")]
    IReadOnlyList<WebhookDelivery> Deliveries,
    [property: Description("Pass it as cursor to get the next page. Absent on the last page.")]
    string? Next);

internal sealed record WebhookSent(
    [property: Description("The delivery to look at.")]
    string Delivery);

/// <summary><c>PUT /api/server/v1/before-send</c></summary>
internal sealed record BeforeSendRequest(
    [property: Description("Who is asked: https, on the public internet.")]
    string? Url = null,
    [property: Description("How long an answer may take: 100 to 3,000, default 1,000.")]
    int? Milliseconds = null,
    [property: Description("Whether a message is sent when there is no good answer. Default true.")]
    bool? AllowsOnFailure = null);

internal sealed record BeforeSendView(
    string Url,
    int Milliseconds,
    bool AllowsOnFailure,
    [property: Description("Signs the questions. Only in the answer that made the hook, and in that of a rotation.")]
    string? Secret = null,
    [property: Description("Until then, the secret from before the last rotation signs as well. Absent for none.")]
    DateTimeOffset? PreviousUntil = null,
    [property: Description("Some instance has had five failures in a row, and does not ask until then. Absent: all ask. Only with GET.")]
    DateTimeOffset? PausedUntil = null,
    [property: Description("What became of the messages of the last seven days (UTC), the newest first; days without any are left out. "
        + "Only with GET. The last minute of other instances may be missing.")]
    IReadOnlyList<BeforeSendDay>? Days = null)
{
    public static BeforeSendView Of(BeforeSendHook hook, DateTimeOffset now) => new(
        hook.Url, hook.Milliseconds, hook.AllowsOnFailure,
        PreviousUntil: hook.PreviousUntil > now ? hook.PreviousUntil : null);
}

internal sealed record BeforeSendQuestion(string Type, DateTimeOffset Timestamp, string Project, BeforeSendMessage Data);

internal sealed record BeforeSendMessage(string Id, string From, string To, int Type, string ContentType, string Data);

/// <param name="Action">allow, change, refuse.</param>
/// <param name="Data">The new text, for change.</param>
/// <param name="Reason">What the sender is shown, for refuse. At most 200 characters of it.</param>
internal sealed record BeforeSendAnswer(string? Action, string? Data = null, string? Reason = null);
