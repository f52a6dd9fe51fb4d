using Vox.Chat.Model;
using Microsoft.Extensions.Options;
using Vox.Chat.Events;
using Vox.Chat.Realtime;
using Vox.Chat.Users;
using Vox.Platform.Caching;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;
using Vox.Platform.Timers;

namespace Vox.Chat.People;

/// <summary>
/// Decides who is online. Clients renew leases, because the service's events may get lost; the events make changes visible quickly. Only
/// changes are pushed.
/// </summary>
public sealed class PresenceService(
    PresenceStore store, PresenceDueStore due, PersonStore people, ConnectionGate gate, Watchers watchers,
    IProjectEvents events, TimerRuns timers, IOptions<PresenceOptions> options, TimeProvider time)
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

    /// <summary>Of each of 16 partitions at a time.</summary>
    private const int MaxDue = 1_000;

    public int LeaseSeconds => options.Value.LeaseSeconds;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A connection has begun or has given a sign of life.</summary>
    /// <param name="view">The conversation that the user sees there.</param>
    /// <returns>Whether the connection was not known yet.</returns>
    public async Task<bool> RenewAsync(
        UserIdentity user, string sessionId, string? connectionId, CancellationToken cancellationToken, string? view = null)
    {
        Check(connectionId);
        if (view is { Length: > 0 } && !ConversationKey.IsId(view))
        {
            throw new VoxException(Errors.InvalidField, "view must be the id of a conversation.", "view");
        }

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

            var after = await store.TryRenewAsync(
                partition, before, row, now, new Lease(until, sessionId, noted) { View = view ?? "" },
                cancellationToken);
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
        await using var run = timers.Begin("ExpirePresence", cancellationToken);
        await SearchAsync(run, cancellationToken);
        var (now, after) = (Now, new Dictionary<string, string>(StringComparer.Ordinal));
        List<DueLease> found;
        do
        {
            found = await due.FindAsync(now, MaxDue, cancellationToken, after);
            await run.EachAsync(
                found.GroupBy(lease => lease.UserPartition, StringComparer.Ordinal),
                leases => NameOf(leases.Key),
                async (leases, token) =>
                {
                    var left = await DropAsync(leases.Key, null, token);
                    await ManyRequests.EachAsync(leases, lease => EndNoteAsync(lease, left, token), token);
                });
        }
        while (found.Count >= MaxDue && run.IsComplete);
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
    private async Task SearchAsync(TimerRun run, CancellationToken cancellationToken)
    {
        if (await due.WasSearchedSinceAsync(Now - (long)TimeSpan.FromDays(1).TotalMilliseconds, cancellationToken))
        {
            return;
        }

        await run.EachAsync(
            await store.SearchExpiredAsync(Now, cancellationToken), NameOf, (user, token) => DropAsync(user, null, token));
        await due.NoteSearchAsync(Now, cancellationToken);
    }

    /// <summary>For operators: the uid, not the login id.</summary>
    private static string NameOf(string userPartition)
    {
        var user = UserIdentity.Of(userPartition);
        return $"{user.ProjectId}|{user.Uid}";
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
        var now = time.GetUtcNow();
        await events.TellAsync(
            user.ProjectId, online ? EventTypes.UserOnline : EventTypes.UserOffline, now, new UserEventData(user.LoginId),
            EventJson.Wire.UserEventData, user.Uid, $"{now.ToUnixTimeMilliseconds()}");
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
