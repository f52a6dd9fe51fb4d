using Vox.Chat.Protection;

namespace Vox.Chat.Scheduled;

/// <summary>
/// Replaces an erased user's name in what others have scheduled: to them, mentioning them. Those messages will be refused when they are
/// due, as every message to a user who is gone.
/// </summary>
internal sealed class ScheduledErasure(ScheduledStore store) : IErasureStep
{
    public async Task EraseUserAsync(string projectId, string loginId, string pseudonym, CancellationToken cancellationToken)
    {
        await foreach (var found in store.OfProjectAsync(projectId, cancellationToken))
        {
            for (var message = found; message is not null && Names(message, loginId);)
            {
                if (await store.TrySaveAsync(message, Renamed(message, loginId, pseudonym), cancellationToken) is not null)
                {
                    break;
                }

                message = await store.FindAsync(projectId, message.Sender.Uid, message.Id, cancellationToken);
            }
        }
    }

    /// <summary>They go when the project is removed.</summary>
    public Task EraseProjectAsync(string projectId, CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool Names(ScheduledMessage message, string loginId) =>
        message.Message.To == loginId || message.Message.Mentions?.Contains(loginId, StringComparer.Ordinal) == true;

    private static ScheduledMessage Renamed(ScheduledMessage message, string loginId, string pseudonym) => message with
    {
        Message = message.Message with
        {
            To = message.Message.To == loginId ? pseudonym : message.Message.To,
            Mentions = message.Message.Mentions?.Select(name => name == loginId ? pseudonym : name).ToList(),
        },
    };
}
