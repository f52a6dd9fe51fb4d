using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Vox.DevHost.Rpc;

namespace Vox.DevHost.Queues;

/// <summary>
/// Runs queue functions as the platform does: a batch of messages at a time and the next one when most of them are done; some attempts,
/// then the queue <c>NAME-poison</c>; a pause between polls that grows while the queue is empty. host.json says how many and how long.
/// </summary>
internal sealed partial class QueueHost(
    IConfiguration configuration, FunctionRunner runner, TimeProvider time, ILogger<QueueHost> logger) : IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    private readonly QueueSettings settings = QueueSettings.Read(Path.Combine(AppContext.BaseDirectory, "host.json"));

    private readonly CancellationTokenSource stop = new();
    private Task queues = Task.CompletedTask;

    public void Start(IEnumerable<FunctionDescriptor> functions) => queues = Task.WhenAll(
        from function in functions
        where function.Queue is not null && !configuration.IsDisabled(function)
        let queue = NameOf(function)
        where queue is not null
        select Task.Run(() => ListenAsync(function, queue)));

    /// <summary>
    /// Takes no further messages, and waits for the functions that are running. They are not cancelled: the wait ends when the host's time
    /// to shut down is over.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        await stop.CancelAsync();
        await queues.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stop.Dispose();

    private string? NameOf(FunctionDescriptor function)
    {
        try
        {
            return configuration.Resolve(function.Queue!.Queue);
        }
        catch (InvalidOperationException e)
        {
            Disabled(function.Name, e.Message);
            return null;
        }
    }

    private async Task ListenAsync(FunctionDescriptor function, string name)
    {
        if (configuration[function.Queue!.ConnectionSetting] is not { Length: > 0 } connection)
        {
            Disabled(function.Name, $"There is no setting '{function.Queue.ConnectionSetting}'.");
            return;
        }

        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 };
        var queue = new QueueClient(connection, name, options);
        var poison = new QueueClient(connection, name + "-poison", options);
        var running = new List<Task>();
        var pause = ShortestPause;
        while (!stop.IsCancellationRequested)
        {
            var messages = await ReceiveAsync(function, queue);
            running.RemoveAll(run => run.IsCompleted);
            running.AddRange(messages.Select(message => Task.Run(() => RunAsync(function, queue, poison, message))));
            if (messages.Length > 0)
            {
                pause = ShortestPause;
                while (running.Count > settings.NewBatchThreshold)
                {
                    await Task.WhenAny(running);
                    running.RemoveAll(run => run.IsCompleted);
                }

                continue;
            }

            await Task.Delay(pause, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < settings.MaxPollingInterval ? pause * 2 : settings.MaxPollingInterval;
        }

        await Task.WhenAll(running);
    }

    private async Task<QueueMessage[]> ReceiveAsync(FunctionDescriptor function, QueueClient queue)
    {
        try
        {
            return await queue.ReceiveMessagesAsync(settings.BatchSize, HiddenMessage.Visibility, stop.Token);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // The queue does not exist yet: whoever first writes to it creates it.
            return [];
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            NoMessages(function.Name, e.Message.Split('\n')[0]);
            return [];
        }
        catch (Exception)
        {
            return [];
        }
    }

    private async Task RunAsync(FunctionDescriptor function, QueueClient queue, QueueClient poison, QueueMessage message)
    {
        // Disposed however this ends: a message that is neither deleted nor released must become visible again.
        await using var hidden = new HiddenMessage(queue, message, time);
        try
        {
            await runner.RunAsync(function, new TypedData { String = message.MessageText }, CancellationToken.None, Metadata(message));
        }
        catch (Exception)
        {
            // The runner has logged it.
            await SettleAsync(function, () => FailAsync(function, poison, hidden));
            return;
        }

        await SettleAsync(function, hidden.DeleteAsync);
    }

    private async Task FailAsync(FunctionDescriptor function, QueueClient poison, HiddenMessage hidden)
    {
        if (hidden.Message.DequeueCount < settings.MaxDequeueCount)
        {
            await hidden.ReleaseAsync(settings.VisibilityTimeout);
            return;
        }

        // First added to the poison queue, then deleted here: a process that dies in between leaves it in both, never in neither.
        await poison.CreateIfNotExistsAsync();
        await poison.SendMessageAsync(hidden.Message.MessageText, timeToLive: TimeSpan.FromSeconds(-1));
        await hidden.DeleteAsync();
        Poisoned(function.Name, poison.Name);
    }

    private async Task SettleAsync(FunctionDescriptor function, Func<Task> settle)
    {
        try
        {
            await settle();
        }
        catch (RequestFailedException e)
        {
            NoMessages(function.Name, e.Message.Split('\n')[0]);
        }
    }

    private static IEnumerable<KeyValuePair<string, TypedData>> Metadata(QueueMessage message) =>
    [
        new("QueueTrigger", new TypedData { String = message.MessageText }),
        new("Id", new TypedData { String = message.MessageId }),
        new("PopReceipt", new TypedData { String = message.PopReceipt }),
        new("DequeueCount", new TypedData { Json = $"{message.DequeueCount}" }),
        new("InsertionTime", Time(message.InsertedOn)),
        new("ExpirationTime", Time(message.ExpiresOn)),
        new("NextVisibleTime", Time(message.NextVisibleOn)),
    ];

    private static TypedData Time(DateTimeOffset? time) => new() { Json = System.Text.Json.JsonSerializer.Serialize(time) };

    [LoggerMessage(9030, LogLevel.Warning, "Queue function {Function} is disabled. {Reason}")]
    private partial void Disabled(string function, string reason);

    [LoggerMessage(9031, LogLevel.Warning, "Queue function {Function} waits: storage failed. {Reason}")]
    private partial void NoMessages(string function, string reason);

    [LoggerMessage(9032, LogLevel.Error, "A message of {Function} failed too often and is now in the queue '{Queue}'")]
    private partial void Poisoned(string function, string queue);
}
