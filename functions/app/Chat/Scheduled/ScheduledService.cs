using System.Text.Json;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Model;
using Vox.Chat.Sessions;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Scheduled;

/// <summary>Messages that users have the server send later. Until they are sent, nobody else sees them.</summary>
public sealed class ScheduledService(ScheduledStore store, MessageService messages, TimeProvider time)
{
    /// <summary>Checked before one is stored: two requests at the same moment may pass it by one.</summary>
    public const int MaxPerUser = 100;

    private const int IdLength = 16;
    private static readonly TimeSpan Soonest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Latest = TimeSpan.FromDays(366);

    /// <exception cref="VoxException">invalid_field, missing_field, too_long, limit_reached</exception>
    internal async Task<ScheduledView> AddAsync(Caller caller, ScheduleRequest request, CancellationToken cancellationToken)
    {
        var message = new SendMessageRequest(
            request.To, request.Data, request.Type, request.ContentType, request.ClientMessageId, Thumbnail: request.Thumbnail,
            Size: request.Size, Reports: request.Reports)
        {
            ReplyTo = request.ReplyTo,
            Thread = request.Thread,
            Mentions = request.Mentions,
            MentionsAll = request.MentionsAll,
            Custom = request.Custom,
            Silent = request.Silent,
        };
        messages.Check(caller.Sender, message);
        var at = CheckTime(request.SendAt);
        var (projectId, uid) = (caller.Project.Id, caller.Sender.Uid);
        var id = request.ClientMessageId is { Length: > 0 } given ? KeyText.Digest(uid, given)[..IdLength] : RandomIds.Create(IdLength);
        if (request.ClientMessageId is { Length: > 0 } && await store.FindAsync(projectId, uid, id, cancellationToken) is { } before)
        {
            return ScheduledView.Of(before);
        }

        if ((await store.ListAsync(projectId, uid, cancellationToken)).Count >= MaxPerUser)
        {
            throw new VoxException(
                Errors.LimitReached, $"A user can have {MaxPerUser} scheduled messages: delete one, or wait until one is sent.");
        }

        var scheduled = new ScheduledMessage(
            projectId, caller.Sender, id, at, time.GetUtcNow(), message with { ClientMessageId = null });
        return await store.TryAddAsync(scheduled, cancellationToken)
            ? ScheduledView.Of(scheduled)
            : ScheduledView.Of(await store.FindAsync(projectId, uid, id, cancellationToken) ?? scheduled);
    }

    internal async Task<ScheduledList> ListAsync(Caller caller, CancellationToken cancellationToken) =>
        new((await store.ListAsync(caller.Project.Id, caller.Sender.Uid, cancellationToken)).ConvertAll(ScheduledView.Of));

    /// <summary>One that was refused is tried again, at the new time or in the next minute.</summary>
    /// <exception cref="VoxException">not_found, edit_conflict, invalid_field, missing_field, too_long</exception>
    internal async Task<ScheduledView> ChangeAsync(
        Caller caller, string id, RescheduleRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = await FindAsync(caller, id, cancellationToken);
            var message = before.Message with
            {
                Data = request.Data ?? before.Message.Data,
                Mentions = request.Mentions ?? before.Message.Mentions,
                MentionsAll = request.MentionsAll ?? before.Message.MentionsAll,
                Silent = request.Silent ?? before.Message.Silent,
                Custom = request.Custom.ValueKind == JsonValueKind.Undefined ? before.Message.Custom : request.Custom,
            };
            messages.Check(caller.Sender, message);
            var after = before with
            {
                Message = message,
                SendAt = request.SendAt is { } at ? CheckTime(at) : before.SendAt,
                State = ScheduledState.Waiting,
                Reason = "",
            };
            if (await store.TrySaveAsync(before, after, cancellationToken) is { } stored)
            {
                return ScheduledView.Of(stored);
            }
        }
    }

    /// <exception cref="VoxException">not_found, edit_conflict</exception>
    internal async Task RemoveAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        while (!await store.TryRemoveAsync(await FindAsync(caller, id, cancellationToken), cancellationToken))
        {
            // It has changed meanwhile: look again.
        }
    }

    private async Task<ScheduledMessage> FindAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var found = id.Length == IdLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? await store.FindAsync(caller.Project.Id, caller.Sender.Uid, id, cancellationToken)
            : null;
        return found switch
        {
            null => throw new VoxException(Errors.NotFound, "You have no scheduled message with this id. It may have been sent.", "id"),
            { State: ScheduledState.Sending } => throw new VoxException(
                Errors.EditConflict, "The message is being sent at this moment: it cannot be changed any more.", "id"),
            _ => found,
        };
    }

    private DateTimeOffset CheckTime(long sendAt)
    {
        var now = time.GetUtcNow();
        return sendAt >= (now + Soonest).ToUnixTimeMilliseconds() && sendAt <= (now + Latest).ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(sendAt)
            : throw new VoxException(
                Errors.InvalidField, "sendAt must be a Unix time in ms, from a minute to a year from now.", "sendAt");
    }
}
