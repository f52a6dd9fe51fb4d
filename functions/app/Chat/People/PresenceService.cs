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
    PresenceStore store, PersonStore people, ConnectionGate gate, Watchers watchers, IOptions<PresenceOptions> options, TimeProvider time,
    ILogger<PresenceService> logger)
{
    private const int MaxConnectionId = 128;

    public int LeaseSeconds => options.Value.LeaseSeconds;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A connection has begun or has given a sign of life.</summary>
    /// <returns>Whether the connection was not known yet.</returns>
    public async Task<bool> RenewAsync(
        UserIdentity user, string sessionId, string? connectionId, CancellationToken cancellationToken)
    {
        Check(connectionId);
        var partition = user.Partition;
        while (true)
        {
            var before = await store.ReadAsync(partition, cancellationToken);
            var now = Now;
            if (await store.TryRenewAsync(
                partition, before, connectionId!, now, new Lease(now + (LeaseSeconds * 1_000L), sessionId), cancellationToken))
            {
                if (before.Online is null)
                {
                    await TellAsync(user, online: true, cancellationToken);
                }

                return !before.Leases.ContainsKey(ChatKeys.Lease(connectionId!));
            }
        }
    }

    /// <summary>A connection has ended.</summary>
    public Task EndAsync(UserIdentity user, string? connectionId, CancellationToken cancellationToken)
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
            var gone = before.Leases.Where(lease => lease.Key == endedRow || lease.Value.Until <= now).Select(lease => lease.Key).ToList();
            var offline = before.Online is not null && gone.Count == before.Leases.Count;
            if (gone.Count == 0 && !offline)
            {
                return;
            }

            if (offline)
            {
                // This comes first: whoever sees the user offline must find when they left.
                await people.SaveSeenAsync(UserIdentity.Of(partition), now, cancellationToken);
            }

            if (await store.TryDropAsync(partition, before, gone, offline, cancellationToken))
            {
                if (offline)
                {
                    await TellAsync(UserIdentity.Of(partition), online: false, cancellationToken);
                }

                await CloseOrphansAsync(
                    UserIdentity.Of(partition), before.Leases.Where(lease => lease.Key != endedRow && gone.Contains(lease.Key)),
                    cancellationToken);
                return;
            }
        }
    }

    /// <summary>
    /// Closes connections that have run out and whose session has ended. The end of the session closes them already, but the service may
    /// not have answered then.
    /// </summary>
    private Task CloseOrphansAsync(
        UserIdentity user, IEnumerable<KeyValuePair<string, Lease>> leases, CancellationToken cancellationToken) =>
        ManyRequests.EachAsync(leases, lease => gate.CloseIfOverAsync(
            ChatKeys.ConnectionOf(lease.Key), user, lease.Value.SessionId, cancellationToken));

    private async Task TellAsync(UserIdentity user, bool online, CancellationToken cancellationToken)
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
        var partition = user.Identity.Partition;
        PresenceView before;
        do
        {
            before = await store.ReadAsync(partition, cancellationToken);
        }
        while (!await store.TryDropAsync(partition, before, [.. before.Leases.Keys], offline: true, cancellationToken));
    }
}
