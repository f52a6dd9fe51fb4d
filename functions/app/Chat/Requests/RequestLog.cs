using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Protection;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Requests;

/// <summary>
/// Keeps requests to the API for seven days, for people to look at. They gather for some seconds and are written behind the answers; a
/// process that ends loses those of the last seconds.
/// </summary>
public sealed partial class RequestLog : IHostedService, IErasureStep, IProjectRemovalStep
{
    public const int Days = 7;
    public const int MaxPage = 100;

    /// <summary>Beyond the bound, one in so many is kept.</summary>
    internal const int OneIn = 100;

    private const int MaxWaiting = 5_000;

    /// <summary>Rows that one page may look at: a filter that finds little must not read days.</summary>
    private const int MaxLook = 5_000;

    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(2);

    private readonly RequestStore store;
    private readonly ProjectService projects;
    private readonly IOptions<RequestOptions> options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ExpiringCache<(string ProjectId, long Minute), Count> counts;
    private readonly Batcher<ApiRequest> waiting;

    public RequestLog(
        RequestStore store, ProjectService projects, IOptions<RequestOptions> options, TimeProvider time, ILogger<RequestLog> logger)
    {
        (this.store, this.projects, this.options, this.time, this.logger) = (store, projects, options, time, logger);
        counts = new(10_000, TimeSpan.FromMinutes(1), time);
        waiting = new(MaxWaiting, 1_000, int.MaxValue, static _ => 1, WriteAsync, static () => Gather);
    }

    /// <summary>Whether anything is kept on this server.</summary>
    internal bool IsOn => options.Value.KeptPerMinute > 0;

    /// <summary>Keeps a request, if the project wants it kept. It neither fails nor delays the caller.</summary>
    internal void Note(ApiRequest request) => _ = NoteAsync(request).ContinueWith(
        static noted => noted.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    internal async Task NoteAsync(ApiRequest request)
    {
        // Almost always known already: the caller was checked against it.
        if (await projects.FindAsync(request.ProjectId, CancellationToken.None) is not { } project
            || project.KeptRequests == KeptRequests.None || (project.KeptRequests == KeptRequests.Errors && request.Status < 400))
        {
            return;
        }

        var key = (request.ProjectId, time.GetUtcNow().ToUnixTimeSeconds() / 60);
        if (!counts.TryGet(key, out var count))
        {
            counts.Set(key, count = new Count());
        }

        var isOver = Interlocked.Increment(ref count.Value) > options.Value.KeptPerMinute;
        if (!isOver || Random.Shared.Next(OneIn) == 0)
        {
            // Without room it is not kept: this is for people to look at, not a record of all there was.
            waiting.TryAdd(isOver ? request with { Of = OneIn } : request, out _);
        }
    }

    /// <summary>A page of requests, newest first.</summary>
    /// <param name="after">The id of the last one of the page before; null: from the newest.</param>
    /// <exception cref="VoxException">not_found</exception>
    internal async Task<ApiRequestPage> ListAsync(
        Project project, RequestFilter filter, string? after, int limit, CancellationToken cancellationToken)
    {
        var today = RequestStore.DayOf(time.GetUtcNow());
        var from = after is null ? today.AddDays(1) : DayOf(after) ?? throw new VoxException(
            Errors.InvalidField, "The cursor is none of ours: pass on what an answer had, or nothing.", "cursor");
        var found = new List<ApiRequest>();
        string? through = null;
        for (var day = from; day >= today.AddDays(-Days) && through is null; day = day.AddDays(-1))
        {
            (var some, through) = await store.ListAsync(
                project.Id, day, day == from ? after ?? "" : "", filter, limit - found.Count, MaxLook, cancellationToken);
            found.AddRange(some);
        }

        return new ApiRequestPage([.. found.Select(ApiRequestView.From)], project.KeptRequests, through);
    }

    /// <summary>Removes what is older than seven days. Run by a timer.</summary>
    internal Task SweepAsync(CancellationToken cancellationToken) =>
        store.RemoveBeforeAsync(RequestStore.DayOf(time.GetUtcNow()).AddDays(-Days), cancellationToken);

    /// <summary>Completes when what was noted so far is written.</summary>
    internal Task DrainAsync() => waiting.DrainAsync();

    /// <summary>Login ids are there: an erasure in the project removes all.</summary>
    public async Task ErasingAsync(string projectId, CancellationToken cancellationToken)
    {
        await DrainAsync();
        var today = RequestStore.DayOf(time.GetUtcNow());
        for (var day = today.AddDays(-Days - 1); day <= today.AddDays(1); day = day.AddDays(1))
        {
            await store.RemoveDayAsync(projectId, day, cancellationToken);
        }
    }

    public Task EraseUserAsync(string projectId, string loginId, string pseudonym, CancellationToken cancellationToken) =>
        ErasingAsync(projectId, cancellationToken);

    public Task EraseProjectAsync(string projectId, CancellationToken cancellationToken) => ErasingAsync(projectId, cancellationToken);

    public Task RemoveAsync(string projectId, CancellationToken cancellationToken) => ErasingAsync(projectId, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Hurry();
        return waiting.DrainAsync().WaitAsync(TimeSpan.FromSeconds(5), cancellationToken).ContinueWith(
            static _ => { }, TaskScheduler.Default);
    }

    private async Task WriteAsync(List<ApiRequest> requests)
    {
        try
        {
            await store.AddAsync(requests);
        }
        catch (Exception e) when (StorageFailure.IsAny(e))
        {
            NotKept(e, requests.Count);
        }
    }

    private static DateOnly? DayOf(string id) =>
        id.Length <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && ChatKeys.TimeOfWebhookDelivery(id) is { } at
            ? RequestStore.DayOf(DateTimeOffset.FromUnixTimeMilliseconds(at))
            : null;

    private sealed class Count
    {
        public int Value;
    }

    [LoggerMessage(6420, LogLevel.Warning, "{Count} requests could not be kept for people to look at")]
    private partial void NotKept(Exception exception, int count);
}
