using Microsoft.Extensions.Hosting;
using Vox.Chat.Model;
using Vox.Chat.Conversations.Storage;

namespace Vox.Chat.Conversations.Groups;

/// <summary>
/// Lets new members into the live group only when the messages from before they joined have reached the SignalR service: somebody who is
/// in the live group earlier gets those messages too.
/// </summary>
public sealed class DelayedJoins(GroupLive live, LiveMembership membership, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private int running;

    /// <summary>How many delayed joins wait or are under way in this process.</summary>
    public int Running => Volatile.Read(ref running);

    /// <summary>
    /// How long messages from before a join may still be on their way to the service. Nothing when none was sent just now.
    /// </summary>
    public TimeSpan UntilQuiet(ConversationHead head)
    {
        // A message from a clock far ahead is no reason to wait longer than for any other.
        var wait = DateTimeOffset.FromUnixTimeMilliseconds(head.LastTime) + membership.OnTheWay - time.GetUtcNow();
        return head.LastSequence == 0 || wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < membership.OnTheWay ? wait : membership.OnTheWay;
    }

    /// <summary>
    /// Settles memberships after a while, in the background. If this process ends before, the timer of another process does it.
    /// </summary>
    /// <param name="then">Called when all is done, with those who have joined.</param>
    public void SettleLater(TimeSpan delay, IReadOnlyList<GroupWork> items, Func<IReadOnlyCollection<UserIdentity>, Task> then)
    {
        Interlocked.Increment(ref running);
        _ = RunAsync();

        async Task RunAsync()
        {
            try
            {
                await Task.Delay(delay, lifetime.ApplicationStopping);
                await then((await live.SettleAsync(items)).Joined);
            }
            catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                // This process ends: the timer of another does it.
            }
            catch (Exception e)
            {
                live.NotSettled(e, items[0].Key.Id);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }
    }
}
