using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Events;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Protection;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Webhooks;

/// <summary>Which deliveries somebody wants to see.</summary>
/// <param name="State">delivered, waiting or failed.</param>
internal sealed record WebhookFilter(string? Type = null, string? Webhook = null, string? State = null);

/// <summary>What was sent in the last seven days and how it went, for people to look at.</summary>
public sealed partial class WebhookHistory(
    WebhookHistoryStore store, WebhookEvents events, IOptions<WebhookOptions> options, TimeProvider time, ILogger<WebhookHistory> logger)
    : IErasureStep, IProjectRemovalStep
{
    public const int Days = 7;
    public const int MaxPage = 100;

    /// <summary>Of a delivery that goes on for long, the last ones.</summary>
    private const int MaxAttempts = 20;

    /// <summary>Beyond the bound, one in so many is kept.</summary>
    private const int OneIn = 100;

    private readonly ExpiringCache<(string ProjectId, DateOnly Day), Count> counts = new(10_000, TimeSpan.FromDays(1), time);

    /// <summary>Notes an attempt. That it cannot be noted does no harm to the delivery.</summary>
    internal async Task AddAsync(WebhookTask task, WebhookAttempt attempt, string state)
    {
        try
        {
            var delivery = new WebhookDelivery(
                task.DeliveryId, task.Event, task.Type, task.Endpoint, DateTimeOffset.FromUnixTimeMilliseconds(task.At), state, [attempt],
                task.Body);
            if (task.Attempt == 1
                && (!Keeps(task) || await store.TryAddAsync(task.Project, delivery, CancellationToken.None)))
            {
                return;
            }

            // A delivery that was not kept at its first attempt is not kept later.
            while (await store.FindAsync(task.Project, delivery.Id, DayOf(delivery.At), CancellationToken.None) is { } known)
            {
                WebhookAttempt[] attempts = [.. known.Delivery.Attempts.Append(attempt).TakeLast(MaxAttempts)];
                if (await store.TryReplaceAsync(
                    task.Project, known.Delivery with { State = state, Attempts = attempts }, known.Version, CancellationToken.None))
                {
                    return;
                }
            }
        }
        catch (Exception e) when (StorageFailure.IsAny(e))
        {
            NotNoted(e, task.Project);
        }
    }

    /// <summary>A page of deliveries, newest first.</summary>
    /// <param name="after">The id of the last one of the page before; null: from the newest.</param>
    internal async Task<WebhookDeliveryPage> ListAsync(
        string projectId, WebhookFilter filter, string? after, int limit, CancellationToken cancellationToken)
    {
        var today = DayOf(time.GetUtcNow());
        var from = after is null ? today.AddDays(1) : DayOf(after) ?? throw NotThere();
        var found = new List<WebhookDelivery>();
        // An event of a clock that is ahead may be of tomorrow.
        for (var day = from; day >= today.AddDays(-Days) && found.Count <= limit; day = day.AddDays(-1))
        {
            found.AddRange(await store.ListAsync(
                projectId, day, day == from ? after ?? "" : "", filter, limit + 1 - found.Count, cancellationToken));
        }

        return new WebhookDeliveryPage(
            [.. found.Take(limit).Select(delivery => delivery with { Body = null })], found.Count > limit ? found[limit - 1].Id : null);
    }

    /// <exception cref="VoxException">not_found</exception>
    internal async Task<WebhookDelivery> GetAsync(string projectId, string id, CancellationToken cancellationToken) =>
        DayOf(id) is { } day && await store.FindAsync(projectId, id, day, cancellationToken) is { } found
            ? found.Delivery
            : throw NotThere();

    /// <summary>Sends it again: the same event, with all attempts anew.</summary>
    /// <exception cref="VoxException">not_found</exception>
    internal async Task ResendAsync(string projectId, string id, CancellationToken cancellationToken)
    {
        var delivery = await GetAsync(projectId, id, cancellationToken);
        await events.EnqueueAsync(
            new WebhookTask(
                projectId, delivery.Webhook, delivery.Event, delivery.Type, delivery.At.ToUnixTimeMilliseconds(), 1, delivery.Body ?? ""),
            TimeSpan.Zero);
    }

    /// <summary>Removes what is older than seven days. Run by a timer.</summary>
    internal Task SweepAsync(CancellationToken cancellationToken) =>
        store.RemoveBeforeAsync(DayOf(time.GetUtcNow()).AddDays(-Days), cancellationToken);

    /// <summary>The bodies have texts and names: an erasure in the project removes them all.</summary>
    public async Task ErasingAsync(string projectId, CancellationToken cancellationToken)
    {
        var today = DayOf(time.GetUtcNow());
        for (var day = today.AddDays(-Days - 1); day <= today.AddDays(1); day = day.AddDays(1))
        {
            await store.RemoveDayAsync(projectId, day, cancellationToken);
        }
    }

    public Task EraseUserAsync(string projectId, string loginId, string pseudonym, CancellationToken cancellationToken) =>
        ErasingAsync(projectId, cancellationToken);

    public Task EraseProjectAsync(string projectId, CancellationToken cancellationToken) => ErasingAsync(projectId, cancellationToken);

    public Task RemoveAsync(string projectId, CancellationToken cancellationToken) => ErasingAsync(projectId, cancellationToken);

    private bool Keeps(WebhookTask task)
    {
        if (task.Type == EventTypes.Test)
        {
            return true;
        }

        var key = (task.Project, DayOf(time.GetUtcNow()));
        if (!counts.TryGet(key, out var count))
        {
            counts.Set(key, count = new Count());
        }

        return Interlocked.Increment(ref count.Value) <= options.Value.KeptPerDay || Random.Shared.Next(OneIn) == 0;
    }

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    /// <summary>The day of a delivery, of its id.</summary>
    private static DateOnly? DayOf(string id) =>
        id.Length <= 128 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && ChatKeys.TimeOfWebhookDelivery(id) is { } at
            ? DayOf(DateTimeOffset.FromUnixTimeMilliseconds(at))
            : null;

    private static VoxException NotThere() =>
        new(Errors.NotFound, "There is no such delivery, or it is older than seven days, or it was not kept.", "deliveryId");

    private sealed class Count
    {
        public int Value;
    }

    [LoggerMessage(6413, LogLevel.Warning, "An attempt to deliver a webhook of project {Project} could not be noted")]
    private partial void NotNoted(Exception exception, string project);
}
