using System.Text.Json;
using Vox.Chat.Conversations.Messages;
using Vox.Platform.Http;

namespace Vox.Chat.Scheduled;

/// <summary><c>POST /api/v1/scheduled</c>: what <c>POST /api/v1/messages</c> takes, but for <c>forward</c>, and when.</summary>
/// <param name="SendAt">Unix ms: from a minute to a year from now.</param>
/// <param name="ClientMessageId">Unique per sender: the same again answers the message that was scheduled first.</param>
public sealed record ScheduleRequest(
    string? To, string? Data, long SendAt, int Type = 1, string? ContentType = null, string? ClientMessageId = null,
    string? Thumbnail = null, long Size = 0, bool? Reports = null)
{
    /// <inheritdoc cref="SendMessageRequest.ReplyTo"/>
    public long? ReplyTo { get; init; }

    /// <inheritdoc cref="SendMessageRequest.Thread"/>
    public long? Thread { get; init; }

    /// <inheritdoc cref="SendMessageRequest.Mentions"/>
    public IReadOnlyList<string>? Mentions { get; init; }

    /// <inheritdoc cref="SendMessageRequest.MentionsAll"/>
    public bool? MentionsAll { get; init; }

    /// <inheritdoc cref="SendMessageRequest.Custom"/>
    public JsonElement Custom { get; init; }

    /// <inheritdoc cref="SendMessageRequest.Silent"/>
    public bool? Silent { get; init; }
}

/// <summary><c>PATCH /api/v1/scheduled/{id}</c>. A field that is absent stays as it is.</summary>
internal sealed record RescheduleRequest(
    long? SendAt = null, string? Data = null, IReadOnlyList<string>? Mentions = null, bool? MentionsAll = null, bool? Silent = null)
{
    /// <summary>Takes the place of the one before; {} removes it.</summary>
    public JsonElement Custom { get; init; }
}

/// <param name="SendAt">Unix ms. It is sent in the minute after it.</param>
/// <param name="State"><c>waiting</c>, <c>sending</c> (it cannot be changed any more) or <c>failed</c>.</param>
/// <param name="Reason">Why it was not sent: the code of an error. Only with <c>failed</c>.</param>
public sealed record ScheduledView(
    string Id, long SendAt, string State, string? Reason, string To, string Data, int Type, string? ContentType, string? Thumbnail,
    long? Size, long? ReplyTo, IReadOnlyList<string>? Mentions, bool? MentionsAll, JsonElement? Custom, bool? Silent)
{
    /// <summary>The thread that it will be in. Absent for none.</summary>
    public long? Thread { get; init; }

    internal static ScheduledView Of(ScheduledMessage scheduled)
    {
        var message = scheduled.Message;
        return new(
            scheduled.Id, scheduled.SendAt.ToUnixTimeMilliseconds(), scheduled.State.ToString().ToLowerInvariant(),
            scheduled.Reason.Length > 0 ? scheduled.Reason : null, message.To!, message.Data!, message.Type, message.ContentType,
            message.Thumbnail, message.Size > 0 ? message.Size : null, message.ReplyTo, message.Mentions, message.MentionsAll,
            message.Custom.ValueKind == JsonValueKind.Object ? message.Custom : null, message.Silent)
        {
            Thread = message.Thread,
        };
    }
}

/// <param name="Scheduled">The next one first. A user has at most 100, so this is all of them.</param>
public sealed record ScheduledList(IReadOnlyList<ScheduledView> Scheduled);
