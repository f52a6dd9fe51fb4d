using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Vox.Chat.Events;
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
    : IProjectEvents
{
    /// <summary>Of an event. With the quotes of JSON doubled it still fits into a message of the queue.</summary>
    public const int MaxBytes = 20 * 1024;

    private static readonly TimeSpan[] Pauses = [.. new[] { 0.2, 1, 5, 20 }.Select(TimeSpan.FromSeconds)];

    private readonly MessageQueue queue = queues.Queue(WebhookOptions.QueueSetting, WebhookOptions.DefaultQueue);

    public async ValueTask<bool> WantsAsync(string projectId, string type, CancellationToken cancellationToken = default) =>
        await projects.FindAsync(projectId, cancellationToken) is { } project && project.Wants(type)
        && (await webhooks.OfAsync(projectId, cancellationToken)).Any(endpoint => endpoint.Wants(type));

    public async Task TellAsync<T>(
        string projectId, string type, DateTimeOffset at, T data, JsonTypeInfo<T> info, params string[] identity)
    {
        try
        {
            await EnqueueAsync(projectId, type, at, data, info, identity, CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The change is stored: it must not look as if it had failed. Storage that does not answer now soon may.
            Delayed(e, type, projectId);
            _ = Task.Run(() => EnqueueLaterAsync(projectId, type, at, data, info, identity));
        }
    }

    /// <summary>Returns when the event is in the queue.</summary>
    /// <param name="identity">What makes it this event and no other of its type.</param>
    internal async Task EnqueueAsync<T>(
        string projectId, string type, DateTimeOffset at, T data, JsonTypeInfo<T> info, string[] identity,
        CancellationToken cancellationToken)
    {
        if (await EndpointsAsync(projectId, type, cancellationToken) is { Count: > 0 } endpoints)
        {
            await EnqueueAsync(endpoints, [Make(projectId, type, at.ToUnixTimeMilliseconds(), data, info, identity)], cancellationToken);
        }
    }

    /// <summary>Puts events into the queue, for each endpoint that wants them.</summary>
    internal Task EnqueueAsync(
        IReadOnlyList<WebhookEndpoint> endpoints, IEnumerable<WebhookTask> events, CancellationToken cancellationToken) =>
        ManyRequests.EachAsync(
            events.SelectMany(
                one => endpoints.Where(endpoint => endpoint.Wants(one.Type)).Select(endpoint => one with { Endpoint = endpoint.Id })),
            task => EnqueueAsync(task, TimeSpan.Zero), cancellationToken);

    internal Task EnqueueAsync(WebhookTask task, TimeSpan delay) => queue.SendAsync(task.ToText(), delay, CancellationToken.None);

    /// <summary>The endpoints of a project that want events of one of these types.</summary>
    internal async Task<IReadOnlyList<WebhookEndpoint>> EndpointsAsync(
        string projectId, IReadOnlyList<string> types, CancellationToken cancellationToken) =>
        await projects.FindAsync(projectId, cancellationToken) is { } project && types.Any(project.Wants)
            ? [.. (await webhooks.OfAsync(projectId, cancellationToken)).Where(endpoint => types.Any(endpoint.Wants))]
            : [];

    /// <summary>An event that says nothing but that the endpoint works, whatever it asks for.</summary>
    internal async Task<WebhookTask> TestAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var task = Make(
            endpoint.ProjectId, EventTypes.Test, now.ToUnixTimeMilliseconds(),
            new WebhookTestData(endpoint.Id, "This is a test: your endpoint works."), WebhookJson.Wire.WebhookTestData,
            [endpoint.Id, Guid.NewGuid().ToString("N")]) with
        {
            Endpoint = endpoint.Id,
        };
        await queue.SendAsync(task.ToText(), TimeSpan.Zero, cancellationToken);
        return task;
    }

    /// <summary>
    /// Back into the queue goes what the trigger has given up, because storage failed for long; not what nobody waits for any more.
    /// </summary>
    internal Task<int> ReturnPoisonedAsync(TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var oldest = (time.GetUtcNow() - lifetime).ToUnixTimeMilliseconds();
        return queue.ReturnPoisonedAsync(
            10_000, TimeSpan.FromMinutes(1), text => WebhookTask.Read(text) is { } task && task.At > oldest, cancellationToken);
    }

    /// <summary>An event for no endpoint yet.</summary>
    /// <param name="at">When it happened, Unix ms.</param>
    internal static WebhookTask Make<T>(
        string projectId, string type, long at, T data, JsonTypeInfo<T> info, ReadOnlySpan<string> identity)
    {
        var id = "evt_" + KeyText.Digest([projectId, type, .. identity]);
        var head = new WebhookEventHead(id, type, DateTimeOffset.FromUnixTimeMilliseconds(at), projectId);
        var body = JsonSerializer.SerializeToNode(head, WebhookJson.Wire.WebhookEventHead)!.AsObject();
        body["data"] = JsonSerializer.SerializeToNode(data, info);
        return new WebhookTask(projectId, "", id, type, at, 1, body.ToJsonString(WebhookJson.Text));
    }

    internal static bool IsTooLarge(WebhookTask task) => Encoding.UTF8.GetByteCount(task.Body) > MaxBytes;

    private Task<IReadOnlyList<WebhookEndpoint>> EndpointsAsync(string projectId, string type, CancellationToken cancellationToken) =>
        EndpointsAsync(projectId, [type], cancellationToken);

    private async Task EnqueueLaterAsync<T>(
        string projectId, string type, DateTimeOffset at, T data, JsonTypeInfo<T> info, string[] identity)
    {
        for (var i = 0; ; i++)
        {
            // By the real clock, not by the app's: what failed recovers in its own time.
            await Task.Delay(Pauses[i]);
            try
            {
                await EnqueueAsync(projectId, type, at, data, info, identity, CancellationToken.None);
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (i + 1 == Pauses.Length)
                {
                    NotTold(e, type, projectId);
                    return;
                }
            }
        }
    }

    [LoggerMessage(6416, LogLevel.Warning, "An event {Type} of project {Project} could not be put into the queue yet; trying again")]
    private partial void Delayed(Exception exception, string type, string project);

    [LoggerMessage(6410, LogLevel.Error, "An event {Type} of project {Project} could not be put into the queue and is lost")]
    private partial void NotTold(Exception exception, string type, string project);
}
