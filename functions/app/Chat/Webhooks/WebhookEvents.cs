using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Vox.Chat.ChatLogs;
using Vox.Chat.Conversations.Messages;
using Vox.Chat.Projects;
using Vox.Platform.Queues;
using Vox.Platform.Storage;

namespace Vox.Chat.Webhooks;

/// <summary>
/// Puts events into the queue, once for each endpoint that wants them. An event has the same id whenever it is made from the same change,
/// so that whoever gets it twice can tell.
/// </summary>
public sealed partial class WebhookEvents(
    WebhookService webhooks, ProjectService projects, QueueClients queues, TimeProvider time, ILogger<WebhookEvents> logger)
    : IStoredMessageStep
{
    /// <summary>Of an event. With the quotes of JSON doubled it still fits into a message of the queue.</summary>
    public const int MaxBytes = 20 * 1024;

    private readonly MessageQueue queue = queues.Queue(WebhookOptions.QueueSetting, WebhookOptions.DefaultQueue);
    private int running;

    /// <summary>How many events of other kinds than messages are on their way into the queue.</summary>
    internal int Running => Volatile.Read(ref running);

    public async ValueTask<bool> WantsAsync(string projectId, CancellationToken cancellationToken) =>
        await projects.FindAsync(projectId, cancellationToken) is { HasWebhooks: true }
        && (await webhooks.OfAsync(projectId, cancellationToken)).Any(endpoint => endpoint.Wants(WebhookEventTypes.MessageSent));

    public async Task StoredAsync(IReadOnlyList<PendingEntry> entries, CancellationToken cancellationToken)
    {
        var projectId = entries[0].Conversation.ProjectId;
        var endpoints = await EndpointsAsync(projectId, WebhookEventTypes.MessageSent, cancellationToken);
        if (endpoints.Count > 0)
        {
            await ManyRequests.EachAsync(
                entries.SelectMany(entry => TasksOf(endpoints, MessageOf(entry))), task => EnqueueAsync(task, TimeSpan.Zero),
                cancellationToken);
        }
    }

    /// <summary>For a change that is stored. It neither fails nor delays the caller; if this process ends now, the event is lost.</summary>
    internal void Tell<T>(string projectId, string type, DateTimeOffset at, T data, JsonTypeInfo<T> info, params string[] identity)
    {
        Interlocked.Increment(ref running);
        _ = Task.Run(async () =>
        {
            try
            {
                await TellAsync(projectId, type, at, data, info, CancellationToken.None, identity);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                NotTold(e, type, projectId);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        });
    }

    /// <summary>Returns when the event is in the queue.</summary>
    /// <param name="identity">What makes it this event and no other of its type.</param>
    internal async Task TellAsync<T>(
        string projectId, string type, DateTimeOffset at, T data, JsonTypeInfo<T> info, CancellationToken cancellationToken,
        params string[] identity)
    {
        if (await EndpointsAsync(projectId, type, cancellationToken) is { Count: > 0 } endpoints)
        {
            var made = Make(projectId, type, at.ToUnixTimeMilliseconds(), data, info, identity);
            await ManyRequests.EachAsync(TasksOf(endpoints, made), task => EnqueueAsync(task, TimeSpan.Zero), cancellationToken);
        }
    }

    /// <summary>An event that says nothing but that the endpoint works, whatever it asks for.</summary>
    internal async Task<WebhookTask> TestAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var task = Make(
            endpoint.ProjectId, WebhookEventTypes.Test, now.ToUnixTimeMilliseconds(),
            new WebhookTestData(endpoint.Id, "This is a test: your endpoint works."), WebhookJson.Wire.WebhookTestData,
            [endpoint.Id, Guid.NewGuid().ToString("N")]) with
        {
            Endpoint = endpoint.Id,
        };
        await queue.SendAsync(task.ToText(), TimeSpan.Zero, cancellationToken);
        return task;
    }

    internal Task EnqueueAsync(WebhookTask task, TimeSpan delay) => queue.SendAsync(task.ToText(), delay, CancellationToken.None);

    /// <summary>
    /// Back into the queue goes what the trigger has given up, because storage failed for long; not what nobody waits for any more.
    /// </summary>
    internal Task<int> ReturnPoisonedAsync(TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var oldest = (time.GetUtcNow() - lifetime).ToUnixTimeMilliseconds();
        return queue.ReturnPoisonedAsync(
            10_000, TimeSpan.FromMinutes(1), text => WebhookTask.Read(text) is { } task && task.At > oldest, cancellationToken);
    }

    private async Task<List<WebhookEndpoint>> EndpointsAsync(string projectId, string type, CancellationToken cancellationToken) =>
        await projects.FindAsync(projectId, cancellationToken) is { HasWebhooks: true }
            ? [.. (await webhooks.OfAsync(projectId, cancellationToken)).Where(endpoint => endpoint.Wants(type))]
            : [];

    private static IEnumerable<WebhookTask> TasksOf(List<WebhookEndpoint> endpoints, WebhookTask task) =>
        endpoints.Select(endpoint => task with { Endpoint = endpoint.Id });

    private static WebhookTask MessageOf(PendingEntry entry)
    {
        var (conversation, message) = (entry.Conversation, entry.Message);
        var data = MessageEvent.Of(conversation.Id, message) with { Epoch = null };
        var task = Make(
            conversation.ProjectId, WebhookEventTypes.MessageSent, message.SentAt, new WebhookMessageData(data),
            WebhookJson.Wire.WebhookMessageData, [conversation.Id, $"{message.Sequence}"]);
        if (Encoding.UTF8.GetByteCount(task.Body) <= MaxBytes)
        {
            return task;
        }

        // What is too large is read with the server API. The beginning of it may be enough for what the receiver does.
        return Make(
            conversation.ProjectId, WebhookEventTypes.MessageSent, message.SentAt,
            new WebhookMessageData(data with { Data = Beginning(data.Data) }, Truncated: true), WebhookJson.Wire.WebhookMessageData,
            [conversation.Id, $"{message.Sequence}"]);
    }

    /// <summary>So much that it fits, however many bytes each character takes in JSON.</summary>
    private static string Beginning(string text)
    {
        const int Characters = 2_000;
        return text.Length <= Characters ? text : text[..(char.IsHighSurrogate(text[Characters - 1]) ? Characters - 1 : Characters)];
    }

    private static WebhookTask Make<T>(
        string projectId, string type, long at, T data, JsonTypeInfo<T> info, ReadOnlySpan<string> identity)
    {
        var id = "evt_" + KeyText.Digest([projectId, type, .. identity]);
        var head = new WebhookEventHead(id, type, DateTimeOffset.FromUnixTimeMilliseconds(at), projectId);
        var body = JsonSerializer.SerializeToNode(head, WebhookJson.Wire.WebhookEventHead)!.AsObject();
        body["data"] = JsonSerializer.SerializeToNode(data, info);
        return new WebhookTask(projectId, "", id, type, at, 1, body.ToJsonString(WebhookJson.Text));
    }

    [LoggerMessage(6410, LogLevel.Error, "An event {Type} of project {Project} could not be put into the queue and is lost")]
    private partial void NotTold(Exception exception, string type, string project);
}
