using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Platform.Limits;

/// <summary>Token buckets per user, project and address. Idle ones are dropped after a while.</summary>
public sealed class RateLimits : IDisposable
{
    private const int ReplenishmentsPerSecond = 10;

    private static readonly ConcurrencyLimiterOptions OneAtATime = new() { PermitLimit = 1, QueueLimit = 200 };

    private readonly PartitionedRateLimiter<(string ProjectId, string LoginId)> users;
    private readonly PartitionedRateLimiter<string> projects;
    private readonly PartitionedRateLimiter<string> addresses;
    private readonly PartitionedRateLimiter<(string ProjectId, string LoginId)> lookups;
    private readonly PartitionedRateLimiter<(string ProjectId, string LoginId)> typing;

    // A user's passwords are checked one after the other: of many at once, all would be tried before the first is counted. Each line has
    // its own turns, so that those who guess do not keep others waiting.
    private readonly PartitionedRateLimiter<(string ProjectId, string LoginId, string Line)> passwordTurns =
        PartitionedRateLimiter.Create<(string, string, string), (string, string, string)>(
            key => RateLimitPartition.GetConcurrencyLimiter(key, _ => OneAtATime));

    public RateLimits(IOptions<LimitOptions> options)
    {
        var o = options.Value;
        users = Create<(string, string)>(o.UserPerSecond, o.UserBurst);
        projects = Create<string>(o.ProjectPerSecond, o.ProjectBurst);
        addresses = Create<string>(o.AddressPerSecond, o.AddressBurst);
        lookups = Create<(string, string)>(o.LookupIdsPerSecond, o.LookupIdsBurst);
        typing = Create<(string, string)>(o.TypingPerSecond, o.TypingBurst);
    }

    /// <summary>Counts one more request of a user.</summary>
    /// <exception cref="VoxException">too_many_requests</exception>
    public void OfUser(string projectId, string loginId)
    {
        OfProject(projectId);
        Take(users, (projectId, loginId), "This user");
    }

    /// <summary>Called with a project's id when a request is refused because the project sends too many.</summary>
    public Action<string>? ProjectRefused { get; set; }

    /// <summary>Counts one more request with a project's auth token.</summary>
    /// <exception cref="VoxException">too_many_requests</exception>
    public void OfProject(string projectId)
    {
        try
        {
            Take(projects, projectId, "The project");
        }
        catch (VoxException)
        {
            ProjectRefused?.Invoke(projectId);
            throw;
        }
    }

    /// <summary>Counts the ids that a user looks up. One request may have many, and each is a question of its own.</summary>
    /// <exception cref="VoxException">too_many_requests</exception>
    public void OfLookup(string projectId, string loginId, int ids) =>
        Take(
            lookups, (projectId, loginId), "This user", ids,
            "looked up too many ids: wait as long as Retry-After says, and ask for fewer.");

    /// <summary>Counts one more time that a user is heard typing. It counts as a request as well.</summary>
    /// <returns>False when it is too much.</returns>
    public bool TryTyping(string projectId, string loginId)
    {
        using var own = typing.AttemptAcquire((projectId, loginId));
        if (!own.IsAcquired)
        {
            return false;
        }

        using var user = users.AttemptAcquire((projectId, loginId));
        using var project = projects.AttemptAcquire(projectId);
        return user.IsAcquired && project.IsAcquired;
    }

    /// <summary>Counts one more request from an address.</summary>
    /// <param name="network">As <see cref="ClientAddress.Network"/> has it.</param>
    /// <exception cref="VoxException">too_many_requests</exception>
    public void OfAddress(string network) => Take(addresses, network, "This address");

    /// <summary>Waits until no other password of this user is being checked in the same line. Disposing the result ends the
    /// turn.</summary>
    /// <param name="line">Where those stand who wait: an address, or callers who have shown something.</param>
    /// <exception cref="VoxException">too_many_requests: too many are waiting</exception>
    public async ValueTask<IDisposable> PasswordTurnAsync(
        string projectId, string loginId, string line, CancellationToken cancellationToken)
    {
        var turn = await passwordTurns.AcquireAsync((projectId, loginId, line), cancellationToken: cancellationToken);
        if (turn.IsAcquired)
        {
            return turn;
        }

        turn.Dispose();
        throw new VoxException(Errors.TooManyRequests, "Too many log-ins of this user at once: try again shortly.");
    }

    public void Dispose()
    {
        users.Dispose();
        projects.Dispose();
        addresses.Dispose();
        lookups.Dispose();
        typing.Dispose();
        passwordTurns.Dispose();
    }

    private static void Take<T>(
        PartitionedRateLimiter<T> limiter, T key, string who, int count = 1,
        string what = "sent too many requests: wait as long as Retry-After says, and send fewer.")
    {
        using var lease = limiter.AttemptAcquire(key, count);
        if (!lease.IsAcquired)
        {
            var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) && after > TimeSpan.FromSeconds(1)
                ? after
                : TimeSpan.FromSeconds(1);
            throw new VoxException(
                Errors.TooManyRequests, $"{who} has {what}", retryAfter: wait);
        }
    }

    // Tokens come ten times a second, so that a client that waits a moment finds some. Rates below ten a second use longer periods.
    private static PartitionedRateLimiter<T> Create<T>(int perSecond, int burst)
        where T : notnull
    {
        var perPeriod = Math.Max(1, perSecond / ReplenishmentsPerSecond);
        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = perPeriod,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)perPeriod / perSecond),
        };
        return PartitionedRateLimiter.Create<T, T>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => bucket));
    }
}
