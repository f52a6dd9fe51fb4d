using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Vox.DevHost.Queues;

/// <summary>A message whose function is running. Nobody else sees it until it is deleted or released, however long that takes.</summary>
internal sealed class HiddenMessage : IAsyncDisposable
{
    /// <summary>If a process dies, its messages become visible again after this time.</summary>
    public static readonly TimeSpan Visibility = TimeSpan.FromMinutes(10);

    private readonly QueueClient queue;
    private readonly CancellationTokenSource stop = new();
    private readonly Task renewing;

    public HiddenMessage(QueueClient queue, QueueMessage message, TimeProvider time)
    {
        this.queue = queue;
        Message = message;
        PopReceipt = message.PopReceipt;
        renewing = RenewAsync(time);
    }

    public QueueMessage Message { get; }

    /// <summary>The newest receipt: each renewal invalidates the earlier ones.</summary>
    public string PopReceipt { get; private set; }

    public async Task DeleteAsync()
    {
        await DisposeAsync();
        await queue.DeleteMessageAsync(Message.MessageId, PopReceipt);
    }

    /// <summary>Makes it visible again after a pause.</summary>
    public async Task ReleaseAsync(TimeSpan pause)
    {
        await DisposeAsync();
        await queue.UpdateMessageAsync(Message.MessageId, PopReceipt, visibilityTimeout: pause);
    }

    /// <summary>Stops renewing: a message that still exists becomes visible again within <see cref="Visibility"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await renewing;
    }

    private async Task RenewAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(Visibility / 2, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                PopReceipt = (await queue.UpdateMessageAsync(
                    Message.MessageId, PopReceipt, visibilityTimeout: Visibility)).Value.PopReceipt;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or RequestFailedException)
        {
            // The end, or the message is gone, or storage fails for longer than the client retries: then somebody else may see the message.
        }
    }
}
