using Microsoft.Extensions.Hosting;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Limits;

namespace Vox.Chat.Events;

/// <summary>
/// Tells that a limit is reached: at most once an hour for each limit and user. Instances that notice it in the same hour tell of the same
/// event.
/// </summary>
public sealed class LimitEvents(IProjectEvents events, RateLimits rates, TimeProvider time) : IHostedService
{
    public const string ProjectStorage = "project_storage";
    public const string UserStorage = "user_storage";
    public const string ProjectRate = "project_rate";
    public const string Credits = "credits";

    /// <summary>Where an exception says which limit it is about, in <see cref="Exception.Data"/>.</summary>
    public const string DataKey = "limit";

    private readonly ExpiringCache<(string, string, string?), bool> told = new(10_000, TimeSpan.FromHours(1), time);

    /// <param name="detail">A sentence for people.</param>
    /// <param name="loginId">Whose limit it is; null: the project's.</param>
    public async Task ReachedAsync(string projectId, string limit, string detail, string? loginId = null)
    {
        if (told.TryGet((projectId, limit, loginId), out _))
        {
            return;
        }

        told.Set((projectId, limit, loginId), true);
        var now = time.GetUtcNow();
        await events.TellAsync(
            projectId, EventTypes.LimitReached, now, new LimitEventData(limit, loginId, detail), EventJson.Wire.LimitEventData,
            limit, loginId ?? "", $"{now.UtcDateTime:yyyy-MM-dd HH}");
    }

    /// <summary>For a refused file: which quota it was, the exception says.</summary>
    public async Task QuotaAsync(string projectId, string loginId, VoxException refusal)
    {
        if (refusal.Data[DataKey] is string limit)
        {
            await ReachedAsync(projectId, limit, refusal.Message, limit == UserStorage ? loginId : null);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        rates.ProjectRefused = Refused;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        rates.ProjectRefused = null;
        return Task.CompletedTask;
    }

    // Not awaited: a refusal has to be quick.
    private void Refused(string projectId) =>
        _ = ReachedAsync(projectId, ProjectRate, "The project sent too many requests, and some were refused.");
}
