namespace Vox.Server;

/// <summary>An endpoint of webhooks.</summary>
public sealed record WebhookEndpoint
{
    /// <summary>The endpoint's id.</summary>
    public required string Id { get; init; }

    /// <summary>Where events are sent.</summary>
    public string Url { get; init; } = "";

    /// <summary>The types of events that it gets; empty: all.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>For people to read; empty for none.</summary>
    public string Description { get; init; } = "";

    /// <summary>Whether events are sent to it.</summary>
    public bool Enabled { get; init; }

    /// <summary>Why the server has switched it off; null when it has not.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>The first attempt that failed since the last that succeeded; null for none.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Until then, the secret from before the last rotation signs as well; null for none.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>Signs what is sent: <c>whsec_…</c>. Only after its creation and a rotation; else null.</summary>
    public string? Secret { get; init; }
}

/// <summary>All endpoints of the project, and the types of events that there are.</summary>
public sealed record WebhookEndpoints(IReadOnlyList<WebhookEndpoint> Webhooks, IReadOnlyList<string> Types);

/// <summary>What an endpoint shall be. Null: as it is.</summary>
public sealed record WebhookDraft
{
    /// <summary>Where events are sent: https, on the public internet. A new endpoint needs it.</summary>
    public string? Url { get; init; }

    /// <summary>The types of events that it gets, such as <c>message.sent</c>. A new endpoint needs them.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>For people to read, at most 200 characters.</summary>
    public string? Description { get; init; }

    /// <summary>False: it gets nothing. True switches an endpoint on again that was switched off.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>Which deliveries to list. Null: all.</summary>
public sealed record DeliveryFilter
{
    /// <summary>A type of events.</summary>
    public string? Type { get; init; }

    /// <summary>An endpoint's id.</summary>
    public string? Webhook { get; init; }

    /// <summary><c>delivered</c>, <c>waiting</c> or <c>failed</c>.</summary>
    public string? State { get; init; }
}

/// <summary>An event at an endpoint.</summary>
public sealed record WebhookDelivery
{
    /// <summary>The event at this endpoint.</summary>
    public required string Id { get; init; }

    /// <summary>The event's id, as the header <c>webhook-id</c> has it.</summary>
    public string Event { get; init; } = "";

    /// <summary>What has happened.</summary>
    public string Type { get; init; } = "";

    /// <summary>The endpoint's id.</summary>
    public string Webhook { get; init; } = "";

    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary><c>delivered</c>, <c>waiting</c> (an attempt follows) or <c>failed</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>At most the last 20, the latest last.</summary>
    public IReadOnlyList<WebhookAttempt> Attempts { get; init; } = [];

    /// <summary>What is sent, JSON; null in lists.</summary>
    public string? Body { get; init; }
}

/// <summary>
/// One attempt to deliver. <paramref name="Status"/>: of the answer; null when there was none. <paramref name="Error"/>: null when nothing
/// went wrong.
/// </summary>
public sealed record WebhookAttempt(DateTimeOffset At, int? Status, int Milliseconds, string? Error);

/// <summary>Your server that is asked before a message is stored.</summary>
public sealed record BeforeSendHook
{
    /// <summary>Who is asked.</summary>
    public required string Url { get; init; }

    /// <summary>How long an answer may take.</summary>
    public int Milliseconds { get; init; }

    /// <summary>Whether a message is stored when there is no good answer.</summary>
    public bool AllowsOnFailure { get; init; }

    /// <summary>Signs the questions: <c>whsec_…</c>. Only after its creation and a rotation; else null.</summary>
    public string? Secret { get; init; }

    /// <summary>Until then, the secret from before the last rotation signs as well; null for none.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>An instance has had five failures in a row and does not ask until then; null: all ask.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>What became of the messages of the last seven days, the newest first; null after a change.</summary>
    public IReadOnlyList<BeforeSendDay>? Days { get; init; }
}

/// <summary>
/// Messages of a day (UTC): stored as they were, with another text, refused, asked about without a good answer, not asked about.
/// </summary>
public sealed record BeforeSendDay(DateOnly Day, long Allowed, long Changed, long Refused, long Failed, long Skipped);

/// <summary>Which requests to list. Null: all.</summary>
public sealed record RequestFilter
{
    /// <summary><c>server</c> or <c>client</c>.</summary>
    public string? Api { get; init; }

    /// <summary>An API key's id, or a user's id.</summary>
    public string? Caller { get; init; }

    /// <summary>The HTTP method.</summary>
    public string? Method { get; init; }

    /// <summary>A part of the route.</summary>
    public string? Route { get; init; }

    /// <summary>True: only those that were refused or failed.</summary>
    public bool? Failed { get; init; }

    /// <summary>The code of an error.</summary>
    public string? Error { get; init; }
}

/// <summary>
/// A request to the API. <paramref name="Api"/>: <c>server</c> or <c>client</c>. <paramref name="Caller"/>: the API key's id, or the
/// user's. <paramref name="Route"/>: without ids. <paramref name="RequestId"/>: names it in the records of whoever runs the server.
/// <paramref name="Error"/>: an error's code; null for none. <paramref name="Of"/>: how many it stands for; null for one.
/// </summary>
public sealed record ApiRequest(
    string Id, DateTimeOffset At, string Api, string Caller, string Method, string Route, int Status, int Milliseconds, string RequestId,
    string? Error, int? Of);
