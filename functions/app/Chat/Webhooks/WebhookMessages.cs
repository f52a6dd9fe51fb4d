using Vox.Chat.ChatLogs;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Conversations.Storage;
using Vox.Chat.Events;
using Vox.Chat.Model;

namespace Vox.Chat.Webhooks;

/// <summary>
/// Events of messages and of their changes, made behind the answer. None is lost: what this process does not come to, the repair of the
/// log makes again.
/// </summary>
internal sealed class WebhookMessages(WebhookEvents events, ChangeStore changes) : IStoredMessageStep, IStoredChangeStep
{
    private static readonly IReadOnlyList<string> Sent = [EventTypes.MessageSent];

    public ValueTask<bool> WantsAsync(string projectId, CancellationToken cancellationToken) =>
        events.WantsAsync(projectId, EventTypes.MessageSent, cancellationToken);

    public async ValueTask<bool> WantsChangesAsync(string projectId, CancellationToken cancellationToken) =>
        (await events.EndpointsAsync(projectId, EventTypes.OfChanges, cancellationToken)).Count > 0;

    public async Task StoredAsync(IReadOnlyList<PendingEntry> entries, CancellationToken cancellationToken)
    {
        var projectId = entries[0].Conversation.ProjectId;
        if (await events.EndpointsAsync(projectId, Sent, cancellationToken) is { Count: > 0 } endpoints)
        {
            await events.EnqueueAsync(endpoints, entries.Select(MessageOf), cancellationToken);
        }
    }

    public async Task ChangedAsync(IReadOnlyList<PendingChange> made, CancellationToken cancellationToken)
    {
        var projectId = made[0].Conversation.ProjectId;
        if (await events.EndpointsAsync(projectId, EventTypes.OfChanges, cancellationToken) is not { Count: > 0 } endpoints)
        {
            return;
        }

        var wanted = made.Where(change => endpoints.Any(endpoint => endpoint.Wants(TypeOf(change.Change.Kind))));
        foreach (var conversation in wanted.GroupBy(change => change.Conversation))
        {
            // As they are now: one request for messages that are close together.
            var messages = (await changes.ReadMessagesAsync(
                conversation.Key, conversation.Select(change => change.Change.Sequence), cancellationToken))
                .ToDictionary(message => message.Sequence);
            await events.EnqueueAsync(
                endpoints,
                conversation.Select(change => ChangeOf(
                    conversation.Key, change.Change, messages.GetValueOrDefault(change.Change.Sequence))),
                cancellationToken);
        }
    }

    private static WebhookTask MessageOf(PendingEntry entry)
    {
        var (conversation, message) = (entry.Conversation, entry.Message);
        return Fitting(View(conversation, message)!, (shown, truncated) => WebhookEvents.Make(
            conversation.ProjectId, EventTypes.MessageSent, message.SentAt, new WebhookMessageData(shown!, truncated),
            WebhookJson.Wire.WebhookMessageData, [conversation.Id, $"{message.Sequence}"]));
    }

    /// <param name="message">Null when it is gone: it was too old to be kept, or its conversation was erased.</param>
    private static WebhookTask ChangeOf(ConversationKey conversation, MessageChange change, Message? message) =>
        Fitting(View(conversation, message), (shown, truncated) => WebhookEvents.Make(
            conversation.ProjectId, TypeOf(change.Kind), change.At,
            new WebhookChangeData(
                conversation.Id, change.Sequence, change.Number, change.By.Length > 0 ? change.By : null,
                change.Emoji.Length > 0 ? change.Emoji : null, shown, truncated),
            WebhookJson.Wire.WebhookChangeData, [conversation.Id, $"{change.Number}"]));

    /// <summary>What is too large is read with the server API. The beginning of it may be enough for what the receiver does.</summary>
    private static WebhookTask Fitting(MessageEvent? message, Func<MessageEvent?, bool?, WebhookTask> make)
    {
        var whole = make(message, null);
        return message is not null && WebhookEvents.IsTooLarge(whole)
            ? make(message with { Data = Beginning(message.Data), Thumbnail = null, Custom = null, Mentions = null }, true)
            : whole;
    }

    /// <summary>So much that it fits, however many bytes each character takes in JSON.</summary>
    private static string Beginning(string text)
    {
        const int Characters = 2_000;
        return text.Length <= Characters ? text : text[..(char.IsHighSurrogate(text[Characters - 1]) ? Characters - 1 : Characters)];
    }

    private static MessageEvent? View(ConversationKey conversation, Message? message) =>
        message is null ? null : MessageEvent.Of(conversation.Id, message) with { Epoch = null };

    private static string TypeOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Edited => EventTypes.MessageEdited,
        ChangeKind.Deleted => EventTypes.MessageDeleted,
        ChangeKind.Reacted => EventTypes.ReactionAdded,
        ChangeKind.Unreacted => EventTypes.ReactionRemoved,
        ChangeKind.Pinned => EventTypes.MessagePinned,
        ChangeKind.Unpinned => EventTypes.MessageUnpinned,
        _ => throw new InvalidOperationException($"The change {kind} has no event."),
    };
}
