using Vox.Chat.Conversations.Storage;
using Vox.Platform.Timers;

namespace Vox.Chat.Conversations.Groups;

/// <summary>
/// Finishes changes of membership that stayed unfinished: their process has ended, or the SignalR service did not answer.
/// </summary>
public sealed class GroupReconciler(GroupLive live, GroupWorkStore work, ConversationStore conversations, TimerRuns timers)
{
    /// <summary>Members of a deleted broadcast group that one run takes out, in thousands. The next run goes on.</summary>
    private const int MaxPages = 20;

    /// <param name="age">How long a change must have been unfinished.</param>
    public async Task RunAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("ReconcileGroups", cancellationToken);
        await run.EachAsync(
            await work.FindAsync(age, cancellationToken),
            item => $"{item.Key.Partition}|{item.Member?.Uid ?? "all"}",
            (item, token) => item.Member is null ? DissolveIfDeletedAsync(item, token) : live.SettleOneAsync(item));
    }

    private async Task DissolveIfDeletedAsync(GroupWork item, CancellationToken cancellationToken)
    {
        if (await conversations.FindHeadAsync(item.Key, cancellationToken) is { Closed: true })
        {
            await live.DissolveAsync(item.Key, MaxPages);
        }
        else
        {
            // It was noted, but the group was not deleted after all.
            await work.DoneAsync(item, cancellationToken);
        }
    }
}
