using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Vox.DevHost.Queues;

/// <summary>A message whose function runs: nobody else sees it until it is deleted or released, however long that takes.</summary>
internal sealed class HiddenMessage : IAsyncDisposable
{
    /// <summary>A process that dies lets its messages be seen again after this.</summary>
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

    /// <summary>The newest one: each renewal makes those before it useless.</summary>
    public string PopReceipt { get; private set; }

    public async Task DeleteAsync()
    {
        await DisposeAsync();
        await queue.DeleteMessageAsync(Message.MessageId, PopReceipt);
    }

    /// <summary>Lets it be seen at once.</summary>
    public async Task ReleaseAsync()
    {
        await DisposeAsync();
        await queue.UpdateMessageAsync(Message.MessageId, PopReceipt, visibilityTimeout: TimeSpan.Zero);
    }

    /// <summary>Renews no more: a message that is still there is seen again within <see cref="Visibility"/>.</summary>
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
                PopReceipt = (await queue.UpdateMessageAsync(Message.MessageId, PopReceipt, visibilityTimeout: Visibility)).Value.PopReceipt;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or RequestFailedException)
        {
            // At the end; or the message is gone, or storage fails for longer than the client tries: then somebody else may see it.
        }
    }
}
