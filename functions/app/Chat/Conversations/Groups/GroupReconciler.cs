using Vox.Chat.Conversations.Storage;
using Vox.Platform.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>
/// Finishes changes of membership that stayed unfinished: their process has ended, or the SignalR service did not answer.
/// </summary>
public sealed class GroupReconciler(GroupLive live, GroupWorkStore work, ConversationStore conversations)
{
    /// <param name="age">How long a change must have been unfinished.</param>
    public async Task RunAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        foreach (var item in await work.FindAsync(age, cancellationToken))
        {
            try
            {
                if (item.Member is null)
                {
                    await DissolveIfDeletedAsync(item, cancellationToken);
                }
                else
                {
                    await live.SettleAsync([item]);
                }
            }
            catch (Exception e) when (StorageFailure.IsAny(e))
            {
                // The others need not wait for this one; the next run meets it again.
                live.NotSettled(e, item.Key.Id);
            }
        }
    }

    private async Task DissolveIfDeletedAsync(GroupWork item, CancellationToken cancellationToken)
    {
        if (await conversations.FindHeadAsync(item.Key, cancellationToken) is { Closed: true })
        {
            await live.DissolveAsync(item.Key);
        }
        else
        {
            // It was noted, but the group was not deleted after all.
            await work.DoneAsync(item, cancellationToken);
        }
    }
}
