using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Platform.Limits;

/// <summary>
/// Wrong passwords of a project's users within a minute. They are budgeted per user and address, so that nobody can lock out a user who
/// is elsewhere; per address; and per project, because each costs a hash, also for names that do not exist. All counts of a project are
/// in one row that all processes share: a wrong password costs one storage request, a right one none.
/// </summary>
public sealed class PasswordGuesses : IDisposable
{
    private const string What = "guesses";
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly SharedCounts counts;
    private readonly LimitOptions options;
    private readonly TimeProvider time;
    private readonly PartitionedRateLimiter<string> addresses;

    // Guesses that are being hashed, or were wrong and are not stored yet: they count as wrong until they are known to be right.
    // Otherwise a hundred at once would all be hashed before the first is stored.
    private readonly Dictionary<string, int> underWay = new(StringComparer.Ordinal);

    public PasswordGuesses(SharedCounts counts, IOptions<LimitOptions> options, TimeProvider time)
    {
        (this.counts, this.options, this.time) = (counts, options.Value, time);
        var window = new FixedWindowRateLimiterOptions { PermitLimit = this.options.WrongPasswordsOfAddressPerMinute, Window = Window };
        addresses = PartitionedRateLimiter.Create<string, string>(
            network => RateLimitPartition.GetFixedWindowLimiter(network, _ => window));
    }

    /// <summary>Called before a password waits for its hash, so that those who have no chance do not wait. Costs no request.</summary>
    /// <exception cref="VoxException">too_many_requests</exception>
    public void Check(string projectId, string loginId, ClientAddress client)
    {
        if (client.Network is { } network && addresses.GetStatistics(network)?.CurrentAvailablePermits <= UnderWay(network))
        {
            throw TooMany("from this address");
        }

        var known = counts.Known(What, projectId) is { } stored && time.GetUtcNow() - stored.Since < Window ? stored : null;
        if (known?.Of(UserPart(loginId, client)) >= options.WrongPasswordsPerMinute)
        {
            throw TooMany("for this user");
        }

        // When the project's budget is used up, an address that has not contributed to that still has a try.
        if ((known?.Count ?? 0) + UnderWay(projectId) >= options.WrongPasswordsOfProjectPerMinute
            && (client.Network is null || known?.Of(AddressPart(client)) > 0))
        {
            throw TooMany("in this project");
        }
    }

    /// <summary>Called right before a password is hashed. The guess is under way until the result is disposed.</summary>
    /// <exception cref="VoxException">too_many_requests</exception>
    public Guess Begin(string projectId, string loginId, ClientAddress client)
    {
        lock (underWay)
        {
            Check(projectId, loginId, client);
            Add(projectId, client, 1);
        }

        return new Guess(this, projectId, loginId, client);
    }

    public void Dispose() => addresses.Dispose();

    private Task CountAsync(string projectId, string loginId, ClientAddress client, CancellationToken cancellationToken)
    {
        if (client.Network is { } network)
        {
            addresses.AttemptAcquire(network).Dispose();
        }

        return counts.ChangeAsync(
            What, projectId, before =>
            {
                var now = time.GetUtcNow();
                var count = before is not null && now - before.Since < Window ? before : new SharedCount(0, now, now);
                return client.Network is null
                    ? count.With(UserPart(loginId, client))
                    : count.With(UserPart(loginId, client), AddressPart(client));
            },
            cancellationToken);
    }

    private int UnderWay(string what)
    {
        lock (underWay)
        {
            return underWay.GetValueOrDefault(what);
        }
    }

    private void Add(string projectId, ClientAddress client, int number)
    {
        foreach (var what in client.Network is { } network ? (string[])[projectId, network] : [projectId])
        {
            underWay[what] = underWay.GetValueOrDefault(what) + number;
            if (underWay[what] == 0)
            {
                underWay.Remove(what);
            }
        }
    }

    private static string UserPart(string loginId, ClientAddress client) => KeyText.Digest("user", loginId, client.Network ?? "")[..8];

    private static string AddressPart(ClientAddress client) => KeyText.Digest("address", client.Network!)[..8];

    private static VoxException TooMany(string where) => new(
        Errors.TooManyRequests, $"There were too many wrong passwords {where}: try again in a minute.", retryAfter: Window);

    /// <summary>A password that is being hashed.</summary>
    public sealed class Guess(PasswordGuesses guesses, string projectId, string loginId, ClientAddress client) : IDisposable
    {
        /// <summary>Counts it, with one storage request.</summary>
        public Task WrongAsync(CancellationToken cancellationToken) =>
            guesses.CountAsync(projectId, loginId, client, cancellationToken);

        public void Dispose()
        {
            lock (guesses.underWay)
            {
                guesses.Add(projectId, client, -1);
            }
        }
    }
}
