using Vox.Chat.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Realtime;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.People;

/// <summary>
/// Decides who is online. Clients renew leases, because the service's events may get lost; the events make changes visible quickly. Only
/// changes are pushed.
/// </summary>
public sealed partial class PresenceService(
    PresenceStore store, PersonStore people, UserService users, Watchers watchers, IOptions<PresenceOptions> options, TimeProvider time,
    ILogger<PresenceService> logger)
{
    private const int MaxConnectionId = 128;

    /// <summary>Tokens and users may be created on different machines, and tokens count in whole seconds.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    public int LeaseSeconds => options.Value.LeaseSeconds;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Whether a live channel's token is older than the user. Then it was issued to a deleted user with the same login id. Until it
    /// expired, its holder would receive what is meant for the new user.
    /// </summary>
    /// <param name="issuedAt">When the token was issued; null when unknown.</param>
    public async Task<bool> IsOfFormerUserAsync(
        UserKey key, DateTimeOffset? issuedAt, CancellationToken cancellationToken) =>
        issuedAt is { } issued
        && await users.FindRecentAsync(key, cancellationToken) is { } user
        && issued + ClockTolerance < user.CreatedAt;

    /// <summary>A connection has begun or has given a sign of life.</summary>
    public async Task RenewAsync(UserKey user, string? connectionId, CancellationToken cancellationToken)
    {
        Check(connectionId);
        var partition = user.Partition;
        while (true)
        {
            var before = await store.ReadAsync(partition, cancellationToken);
            var now = Now;
            if (await store.TryRenewAsync(partition, before, connectionId!, now, now + (LeaseSeconds * 1_000L), cancellationToken))
            {
                if (before.Online is null)
                {
                    await TellAsync(user, online: true, cancellationToken);
                }

                return;
            }
        }
    }

    /// <summary>A connection has ended.</summary>
    public Task EndAsync(UserKey user, string? connectionId, CancellationToken cancellationToken)
    {
        Check(connectionId);
        return DropAsync(user.Partition, ChatKeys.Lease(connectionId!), cancellationToken);
    }

    /// <summary>Ends all connections that gave no sign of life for too long. Run by a timer.</summary>
    public async Task ExpireAsync(CancellationToken cancellationToken)
    {
        foreach (var partition in await store.FindExpiredAsync(Now, cancellationToken))
        {
            try
            {
                await DropAsync(partition, null, cancellationToken);
            }
            catch (Exception e) when (StorageFailure.IsAny(e))
            {
                // The others need not wait for this one. The next run tries it again.
                NotExpired(e);
            }
        }
    }

    private async Task DropAsync(string partition, string? endedRow, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = await store.ReadAsync(partition, cancellationToken);
            var now = Now;
            var gone = before.Leases.Where(lease => lease.Key == endedRow || lease.Value <= now).Select(lease => lease.Key).ToList();
            var offline = before.Online is not null && gone.Count == before.Leases.Count;
            if (gone.Count == 0 && !offline)
            {
                return;
            }

            if (offline)
            {
                // This comes first: whoever sees the user offline must find when they left.
                await people.SaveSeenAsync(UserKey.Of(partition), now, cancellationToken);
            }

            if (await store.TryDropAsync(partition, before, gone, offline, cancellationToken))
            {
                if (offline)
                {
                    await TellAsync(UserKey.Of(partition), online: false, cancellationToken);
                }

                return;
            }
        }
    }

    private async Task TellAsync(UserKey user, bool online, CancellationToken cancellationToken)
    {
        var (profile, _) = await people.ReadAsync(user, cancellationToken);
        await watchers.TellAsync(
            user, RealtimeEvents.Presence, new PresenceEvent(user.LoginId, online, Now, profile.Status),
            PeopleJson.Wire.PresenceEvent, andOwnDevices: false, cancellationToken);
    }

    private static void Check(string? connectionId)
    {
        if (connectionId is not { Length: > 0 and <= MaxConnectionId })
        {
            throw new VoxException(
                Errors.InvalidField, $"connection must be the id of your live connection, at most {MaxConnectionId} characters.",
                "connection");
        }
    }

    [LoggerMessage(5100, LogLevel.Warning, "The presence of a user could not be ended")]
    private partial void NotExpired(Exception exception);
}

/// <summary>Takes a deleted user offline.</summary>
internal sealed class PresenceRemoval(PresenceStore store) : IUserRemovalStep
{
    public async Task RemoveAsync(User user, CancellationToken cancellationToken)
    {
        var partition = user.Key.Partition;
        PresenceView before;
        do
        {
            before = await store.ReadAsync(partition, cancellationToken);
        }
        while (!await store.TryDropAsync(partition, before, [.. before.Leases.Keys], offline: true, cancellationToken));
    }
}
