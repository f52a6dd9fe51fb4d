using Vox.Chat.Conversations.Messages;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;
using Vox.Platform.Timers;

namespace Vox.Chat.Scheduled;

/// <summary>
/// Sends scheduled messages when they are due. A message is sent with an id of its own, so a killed process or a second one that does the
/// same stores it once. While it is being sent, nobody can change it.
/// </summary>
public sealed class ScheduledWork(
    ScheduledStore store, ProjectService projects, UserService users, MessageService messages, TimerRuns timers, TimeProvider time)
{
    /// <summary>Messages of one run. The others are overdue in the next one, a minute later.</summary>
    public const int MaxPerRun = 1_000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("SendScheduledMessages", cancellationToken);
        var due = await store.DueAsync(time.GetUtcNow(), MaxPerRun, cancellationToken);
        var found = await ManyRequests.EachAsync(
            due, async note => (note, Message: await store.FindAsync(note.ProjectId, note.Uid, note.Id, cancellationToken)),
            cancellationToken);

        // Those of one conversation in the order of their times; several conversations at once.
        var lanes = found.GroupBy(
            pair => pair.Message?.Message.To is { } to && ConversationKey.IsGroupId(to)
                ? $"{pair.note.ProjectId}|{to}"
                : $"{pair.note.ProjectId}|{pair.note.Uid}",
            StringComparer.Ordinal);
        await run.EachAsync(lanes, lane => lane.Key, async (lane, token) =>
        {
            foreach (var (note, message) in lane.OrderBy(pair => pair.note.Row, StringComparer.Ordinal))
            {
                if (!await TrySendAsync(note, message, token))
                {
                    // Another process is at it. If this one went on with the next message, that might overtake.
                    break;
                }
            }
        });
    }

    /// <returns>False when the user or another process was faster. The note stays for the next run.</returns>
    private async Task<bool> TrySendAsync(ScheduledDue note, ScheduledMessage? message, CancellationToken cancellationToken)
    {
        if (message is null || message.State == ScheduledState.Failed || ScheduledStore.DueOf(message) != note.Row)
        {
            // Deleted, refused, or put off meanwhile.
            await store.EndDueAsync(note.Row, cancellationToken);
            return true;
        }

        if (message.State == ScheduledState.Waiting)
        {
            if (await store.TrySaveAsync(message, message with { State = ScheduledState.Sending }, cancellationToken) is not { } claimed)
            {
                return false;
            }

            message = claimed;
        }

        var reason = "";
        try
        {
            await SendAsync(message, cancellationToken);
        }
        catch (VoxException e) when (!e.Error.Retryable)
        {
            reason = e.Error.Code;
        }

        if (reason.Length > 0)
        {
            await store.TrySaveAsync(message, message with { State = ScheduledState.Failed, Reason = reason }, cancellationToken);
        }
        else
        {
            await store.TryRemoveAsync(message, cancellationToken);
        }

        return true;
    }

    /// <exception cref="VoxException">Whatever a send can answer; user_disabled, user_not_found</exception>
    private async Task SendAsync(ScheduledMessage message, CancellationToken cancellationToken)
    {
        var project = await projects.GetAsync(message.ProjectId, cancellationToken);
        var user = await users.FindNowAsync(project, message.Sender.LoginId, cancellationToken);
        if (user?.Uid != message.Sender.Uid)
        {
            throw new VoxException(Errors.UserNotFound, "The sender was deleted.");
        }

        if (user.IsShutOut(time.GetUtcNow()))
        {
            throw new VoxException(Errors.UserDisabled, "The sender is disabled or banned.");
        }

        // The user reads nothing at this moment.
        await messages.SendMessageAsync(
            project, message.Sender with { MutedUntil = user.MutedUntil },
            message.Message with { ClientMessageId = message.MessageId, MarksRead = false }, cancellationToken);
    }
}
