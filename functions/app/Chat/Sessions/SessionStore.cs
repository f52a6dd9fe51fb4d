using Vox.Chat.Model;
using Azure.Data.Tables;
using Vox.Platform.Storage;

namespace Vox.Chat.Sessions;

/// <summary>Sessions in table <c>sessions</c>. All sessions of a user are in one partition.</summary>
public sealed class SessionStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("sessions");

    public async Task AddAsync(Session session, CancellationToken cancellationToken) =>
        await table.UpsertAsync(ToRow(session), cancellationToken);

    public async Task<Session?> FindAsync(UserKey user, string sessionId, CancellationToken cancellationToken) =>
        await table.FindAsync(user.Partition, ChatKeys.Session(sessionId), cancellationToken) is { } row
            ? FromRow(user.ProjectId, row)
            : null;

    /// <summary>The sessions of this user, without those of others who had the login id.</summary>
    public async Task<List<Session>> ListAsync(UserIdentity user, CancellationToken cancellationToken)
    {
        var sessions = new List<Session>();
        await foreach (var row in table.EnumerateAsync($"PartitionKey eq {user.Key.Partition}", 1_000, cancellationToken))
        {
            if (user.Is(row.GetString("Uid")))
            {
                sessions.Add(FromRow(user.ProjectId, row));
            }
        }

        return sessions;
    }

    /// <returns>False when the session has changed meanwhile.</returns>
    public async Task<bool> TryReplaceAsync(Session session, CancellationToken cancellationToken) =>
        await table.TryReplaceAsync(ToRow(session), session.Version, cancellationToken) is not null;

    public async Task RemoveAsync(UserKey user, string sessionId, CancellationToken cancellationToken) =>
        await table.DeleteAsync(user.Partition, ChatKeys.Session(sessionId), cancellationToken);

    private static TableEntity ToRow(Session session) =>
        new(session.Key.Partition, ChatKeys.Session(session.Id))
        {
            ["Uid"] = session.Uid,
            ["Secret"] = session.Secret,
            ["PreviousSecret"] = session.PreviousSecret,
            ["CreatedAt"] = session.CreatedAt,
            ["RotatedAt"] = session.RotatedAt,
            ["ExpiresAt"] = session.ExpiresAt,
            ["Device"] = session.Device,
            ["LoggedOut"] = session.LoggedOut ? true : null,
            ["UserVersion"] = session.UserVersion,
            ["DeviceKey"] = session.DeviceKey,
            ["Seed"] = session.Seed,
            ["Until"] = session.Until,
            ["MutedUntil"] = session.MutedUntil,
            ["Single"] = session.Single ? true : null,
        };

    private static Session FromRow(string projectId, TableEntity row) => new(
        projectId,
        ChatKeys.LoginIdOf(row.PartitionKey),
        row.RowKey,
        row.GetString("Uid"),
        row.GetString("Secret"),
        row.GetString("PreviousSecret"),
        row.GetDateTimeOffset("CreatedAt") ?? default,
        row.GetDateTimeOffset("RotatedAt") ?? default,
        row.GetDateTimeOffset("ExpiresAt") ?? default,
        row.GetString("Device") ?? "",
        row.ETag)
    {
        LoggedOut = row.GetBoolean("LoggedOut") ?? false,
        UserVersion = row.GetInt32("UserVersion") ?? 0,
        DeviceKey = row.GetString("DeviceKey"),
        Seed = row.GetString("Seed"),
        Until = row.GetDateTimeOffset("Until"),
        MutedUntil = row.GetDateTimeOffset("MutedUntil"),
        Single = row.GetBoolean("Single") ?? false,
    };
}
