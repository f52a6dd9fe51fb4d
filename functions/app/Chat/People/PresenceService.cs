using Vox.Chat.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vox.Chat.Realtime;
using Vox.Chat.Users;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.People;

/// <summary>
/// Decides who is online. Clients renew leases, because the service's events may get lost; the events make changes visible quickly. Only
/// changes are pushed.
/// </summary>
public sealed partial class PresenceService(
    PresenceStore store, PresenceDueStore due, PersonStore people, ConnectionGate gate, Watchers watchers,
    IOptions<PresenceOptions> options, TimeProvider time, ILogger<PresenceService> logger)
{
    /// <summary>
    /// What this process knows of users because it has just renewed their leases. Older entries would often be wrong: a client gives a sign
    /// of life after each third of the lease, perhaps to another process.
    /// </summary>
    private readonly ExpiringCache<string, PresenceView> renewed =
        new(50_000, TimeSpan.FromSeconds(options.Value.LeaseSeconds / 2.0), time);

    private const int MaxConnectionId = 128;

    /// <summary>More live connections than any user needs. Each sign of life reads all of them.</summary>
    private const int MaxConnections = 100;

    /// <summary>Of each of 16 partitions in one run. The next run goes on with the rest.</summary>
    private const int MaxDue = 1_000;

    public int LeaseSeconds => options.Value.LeaseSeconds;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A connection has begun or has given a sign of life.</summary>
    /// <returns>Whether the connection was not known yet.</returns>
    public async Task<bool> RenewAsync(
        UserIdentity user, string sessionId, string? connectionId, CancellationToken cancellationToken)
    {
        Check(connectionId);
        var partition = user.Partition;
        var row = ChatKeys.Lease(connectionId!);
        while (true)
        {
            if (!renewed.TryGet(partition, out var before))
            {
                before = await store.ReadAsync(partition, cancellationToken);
            }

            var now = Now;
            var until = now + (LeaseSeconds * 1_000L);
            var known = before.Leases.GetValueOrDefault(row);
            if (known is null && before.Leases.Values.Count(lease => lease.Until > now) >= MaxConnections)
            {
                renewed.Remove(partition);
                throw new VoxException(
                    Errors.LimitReached, $"You have {MaxConnections} live connections already: close one of them.", "connection");
            }

            var noted = known?.NotedAt;
            if (noted is null || noted < now + (LeaseSeconds * 1_000L / 2) || noted > until)
            {
                // Only every second sign of life moves the note, unless it is from a clock that was ahead. It comes first: if the process
                // ends in between, there is no lease that nobody would look for.
                await due.MoveAsync(partition, row, noted, until, cancellationToken);
                noted = until;
            }

            var after = await store.TryRenewAsync(partition, before, row, now, new Lease(until, sessionId, noted), cancellationToken);
            if (after is null)
            {
                renewed.Remove(partition);
                continue;
            }

            renewed.Set(partition, after);
            if (before.Online is null)
            {
                await TellAsync(user, online: true, cancellationToken);
            }

            return known is null;
        }
    }

    /// <summary>A connection has ended.</summary>
    public Task EndAsync(UserIdentity user, string? connectionId, CancellationToken cancellationToken)
    {
        Check(connectionId);
        renewed.Remove(user.Partition);
        return DropAsync(user.Partition, ChatKeys.Lease(connectionId!), cancellationToken);
    }

    /// <summary>
    /// Ends all connections that gave no sign of life for too long. Run by a timer; may run several times at once. Reads only what is due.
    /// </summary>
    public async Task ExpireAsync(CancellationToken cancellationToken)
    {
        await SearchAsync(cancellationToken);
        var found = await due.FindAsync(Now, MaxDue, cancellationToken);
        await ManyRequests.EachAsync(
            found.GroupBy(lease => lease.UserPartition, StringComparer.Ordinal),
            async leases =>
            {
                try
                {
                    var left = await DropAsync(leases.Key, null, cancellationToken);
                    await ManyRequests.EachAsync(
                        leases, lease => EndNoteAsync(lease, left, cancellationToken), cancellationToken);
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    // The others need not wait for this one, also not in the next runs: the pauses between its attempts grow to an hour.
                    NotExpired(e, leases.Max(lease => lease.Attempts) + 1);
                    foreach (var lease in leases)
                    {
                        var pause = TimeSpan.FromMinutes(Math.Min(60, 1 << Math.Min(lease.Attempts, 6)));
                        await due.PostponeAsync(lease, Now + (long)pause.TotalMilliseconds, cancellationToken);
                    }
                }
            },
            cancellationToken);
    }

    /// <summary>A connection that was renewed since it was noted is noted anew, for the time when it runs out.</summary>
    private async Task EndNoteAsync(DueLease noted, PresenceView left, CancellationToken cancellationToken)
    {
        foreach (var (row, lease) in left.Leases.Where(lease => noted.IsOf(lease.Key)))
        {
            await due.MoveAsync(noted.UserPartition, row, null, lease.Until, cancellationToken);
        }

        await due.RemoveAsync(noted, cancellationToken);
    }

    /// <summary>Once a day, looks for connections that no note leads to: from before there were notes.</summary>
    private async Task SearchAsync(CancellationToken cancellationToken)
    {
        if (await due.WasSearchedSinceAsync(Now - (long)TimeSpan.FromDays(1).TotalMilliseconds, cancellationToken))
        {
            return;
        }

        await ManyRequests.EachAsync(
            await store.SearchExpiredAsync(Now, cancellationToken), user => DropAsync(user, null, cancellationToken), cancellationToken);
        await due.NoteSearchAsync(Now, cancellationToken);
    }

    /// <returns>The user's presence as it is left.</returns>
    private async Task<PresenceView> DropAsync(string partition, string? endedRow, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = await store.ReadAsync(partition, cancellationToken);
            var now = Now;
            var gone = before.Leases.Where(lease => lease.Key == endedRow || lease.Value.Until <= now).Select(lease => lease.Key).ToList();
            var offline = before.Online is not null && gone.Count == before.Leases.Count;
            if (gone.Count == 0 && !offline)
            {
                return before;
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

                if (endedRow is not null && before.Leases.GetValueOrDefault(endedRow)?.NotedAt is { } noted)
                {
                    await due.RemoveAsync(partition, endedRow, noted, cancellationToken);
                }

                await CloseOrphansAsync(
                    UserIdentity.Of(partition), before.Leases.Where(lease => lease.Key != endedRow && gone.Contains(lease.Key)),
                    cancellationToken);
                return before with { Leases = before.Leases.Where(lease => !gone.Contains(lease.Key)).ToDictionary() };
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

    [LoggerMessage(5100, LogLevel.Warning, "The presence of a user could not be ended: attempt {Attempt} failed")]
    private partial void NotExpired(Exception exception, int attempt);
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
