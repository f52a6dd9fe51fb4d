using Azure;
using Azure.Storage.Queues;

namespace Vox.Platform.Queues;

/// <summary>A queue whose messages a queue trigger runs. It is created when somebody first writes to it.</summary>
public sealed class MessageQueue
{
    /// <summary>A message may have 64 KiB as Base64.</summary>
    public const int MaxBytes = 48 * 1024;

    /// <summary>The longest time for which a message can be hidden.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromDays(7);

    private readonly Lazy<QueueClient> queue;
    private readonly Lazy<QueueClient> poison;

    internal MessageQueue(Func<QueueServiceClient> service, string name)
    {
        queue = new(() => service().GetQueueClient(name));
        poison = new(() => service().GetQueueClient(name + "-poison"));
    }

    /// <summary>Adds a message: one request.</summary>
    /// <param name="text">At most <see cref="MaxBytes"/> in UTF-8.</param>
    /// <param name="delay">For how long it is hidden; zero for not at all, at most <see cref="MaxDelay"/>.</param>
    public async Task SendAsync(string text, TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await AddAsync(text, delay, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            await queue.Value.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await AddAsync(text, delay, cancellationToken);
        }
    }

    /// <summary>
    /// Looks through what the trigger has given up and put into the queue <c>NAME-poison</c>, at most so many messages. Each goes back
    /// to the queue or is dropped.
    /// </summary>
    /// <param name="returns">Whether a message goes back.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> ReturnPoisonedAsync(
        int most, TimeSpan delay, Func<string, bool> returns, CancellationToken cancellationToken)
    {
        var count = 0;
        try
        {
            while (count < most)
            {
                var messages = (await poison.Value.ReceiveMessagesAsync(32, TimeSpan.FromMinutes(5), cancellationToken)).Value;
                foreach (var message in messages)
                {
                    // First added, then deleted: a process that ends in between leaves it twice, never not at all.
                    if (returns(message.MessageText))
                    {
                        await SendAsync(message.MessageText, delay, cancellationToken);
                    }

                    await poison.Value.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken);
                }

                if (messages.Length == 0)
                {
                    break;
                }

                count += messages.Length;
            }
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Nothing was ever given up.
        }

        return count;
    }

    /// <summary>Makes it if it is not there, and looks into it, as the self-check does.</summary>
    /// <returns>Its name and how many messages are in it, about.</returns>
    internal async Task<(string Name, int Waiting)> LookAsync(CancellationToken cancellationToken)
    {
        await queue.Value.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await queue.Value.PeekMessagesAsync(1, cancellationToken);
        var properties = await queue.Value.GetPropertiesAsync(cancellationToken);
        return (queue.Value.Name, properties.Value.ApproximateMessagesCount);
    }

    private Task AddAsync(string text, TimeSpan delay, CancellationToken cancellationToken) => queue.Value.SendMessageAsync(
        text, delay > TimeSpan.Zero ? delay : null, timeToLive: null, cancellationToken);
}
