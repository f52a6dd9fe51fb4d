using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Chat.Devices;

/// <summary>
/// Table <c>devices</c>: a partition for each user with a row for each device. Other partitions say whose each device is: a device that
/// somebody else logs in on is theirs then.
/// </summary>
public sealed class DeviceStore(StorageClients storage)
{
    private readonly Table table = storage.ProjectTable("devices");

    /// <summary>The one that registered last first.</summary>
    public async Task<List<Device>> ListAsync(UserIdentity user, CancellationToken cancellationToken)
    {
        var rows = await table.QueryAsync($"PartitionKey eq {ChatKeys.Own(user)}", 1_000, cancellationToken);
        return [.. rows.Select(FromRow).OrderByDescending(device => device.SeenAt).ThenBy(device => device.Id, StringComparer.Ordinal)];
    }

    /// <summary>The same for many users, with few requests where they lie close together. Those without devices are absent.</summary>
    public async Task<IReadOnlyDictionary<UserIdentity, List<Device>>> ListManyAsync(
        IReadOnlyCollection<UserIdentity> users, CancellationToken cancellationToken)
    {
        var ordered = users.Distinct().OrderBy(ChatKeys.Own, StringComparer.Ordinal).ToList();
        var (rows, read) = await table.ReadStretchesAsync([.. ordered.Select(ChatKeys.Own)], cancellationToken);
        var devices = rows.Select(FromRow).GroupBy(device => device.User).ToDictionary(some => some.Key, some => some.ToList());
        foreach (var (user, some) in await ManyRequests.EachAsync(
            ordered.Skip(read), async user => (user, await ListAsync(user, cancellationToken)), cancellationToken))
        {
            if (some.Count > 0)
            {
                devices[user] = some;
            }
        }

        return devices;
    }

    /// <summary>Whether any user of the project has a device.</summary>
    public async Task<bool> AnyAsync(string projectId, CancellationToken cancellationToken)
    {
        var (from, to) = ChatKeys.AllDeviceOwners(projectId);
        return (await table.QueryAsync(
            $"PartitionKey ge {from} and PartitionKey lt {to}", 1, cancellationToken, ["PartitionKey", "RowKey"])).Count > 0;
    }

    /// <returns>Whose the device is. Null for nobody's.</returns>
    public async Task<UserIdentity?> OwnerAsync(string projectId, string deviceId, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.DeviceOwners(projectId, deviceId), deviceId, cancellationToken) is { } row
            ? new UserIdentity(projectId, row.GetString("Login"), row.GetString("Uid"))
            : null;

    /// <summary>The owner comes first, so that every device can be found from its id.</summary>
    public async Task SetAsync(Device device, bool isNew, CancellationToken cancellationToken)
    {
        if (isNew)
        {
            await table.UpsertAsync(
                new TableEntity(ChatKeys.DeviceOwners(device.User.ProjectId, device.Id), device.Id)
                {
                    ["Login"] = device.User.LoginId,
                    ["Uid"] = device.User.Uid,
                },
                cancellationToken);
        }

        await table.UpsertAsync(ToRow(device), cancellationToken);
    }

    public Task RemoveAsync(UserIdentity user, string deviceId, CancellationToken cancellationToken) =>
        table.DeleteAsync(ChatKeys.Own(user), deviceId, cancellationToken);

    /// <summary>Removes the device, and the note whose it is unless somebody else has it now.</summary>
    public async Task RemoveWithOwnerAsync(UserIdentity user, string deviceId, CancellationToken cancellationToken)
    {
        var partition = ChatKeys.DeviceOwners(user.ProjectId, deviceId);
        if (await table.FindAsync(partition, deviceId, cancellationToken) is { } owner && user.Uid == owner.GetString("Uid"))
        {
            await table.TryDeleteAsync(partition, deviceId, owner.ETag, cancellationToken);
        }

        await RemoveAsync(user, deviceId, cancellationToken);
    }

    private static TableEntity ToRow(Device device) => new(ChatKeys.Own(device.User), device.Id)
    {
        ["Session"] = device.SessionId,
        ["Kind"] = device.Kind.ToString(),
        ["Address"] = device.Address,
        ["Key"] = device.Key,
        ["Secret"] = device.Secret,
        ["Language"] = device.Language,
        ["AppVersion"] = device.AppVersion,
        ["Sandbox"] = device.Sandbox ? true : null,
        ["QuietFrom"] = device.Quiet?.From,
        ["QuietTo"] = device.Quiet?.To,
        ["TimeZone"] = device.Quiet?.TimeZone,
        ["CreatedAt"] = device.CreatedAt,
        ["SeenAt"] = device.SeenAt,
    };

    private static Device FromRow(TableEntity row) => new(
        ChatKeys.OwnerOf(row.PartitionKey), row.RowKey, row.GetString("Session"), Enum.Parse<DeviceKind>(row.GetString("Kind")),
        row.GetString("Address"), row.GetString("Key") ?? "", row.GetString("Secret") ?? "", row.GetString("Language") ?? "",
        row.GetString("AppVersion") ?? "", row.GetBoolean("Sandbox") ?? false,
        row.GetString("TimeZone") is { } zone ? new QuietHours(row.GetInt32("QuietFrom") ?? 0, row.GetInt32("QuietTo") ?? 0, zone) : null,
        row.GetDateTimeOffset("CreatedAt") ?? default, row.GetDateTimeOffset("SeenAt") ?? default);
}
