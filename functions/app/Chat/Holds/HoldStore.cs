using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;

namespace Vox.Chat.Holds;

/// <summary>
/// Table <c>holds</c>: the legal holds of each project in one partition. Whoever erases or deletes reads them again before each step, not
/// from a cache: a hold that was set a moment ago counts.
/// </summary>
public sealed class HoldStore(StorageClients storage)
{
    /// <summary>Holds of one project.</summary>
    public const int Max = 1_000;

    private readonly Table table = storage.ProjectTable("holds");

    public async Task<HoldSet> ReadAsync(string projectId, CancellationToken cancellationToken) => new(
        (await table.QueryAsync($"PartitionKey eq {ChatKeys.Holds(projectId)}", Max + 1, cancellationToken)).ConvertAll(row => new Hold(
            projectId, Enum.Parse<HoldKind>(row.GetString("Kind")), row.GetString("Target"), row.GetString("Uid"), row.GetString("Reason"),
            row.GetString("SetBy"), row.GetDateTimeOffset("SetAt") ?? default)));

    /// <returns>False when there is this hold already.</returns>
    public async Task<bool> TryAddAsync(Hold hold, CancellationToken cancellationToken) => await table.TryAddAsync(
        new TableEntity(ChatKeys.Holds(hold.ProjectId), hold.Id)
        {
            ["Kind"] = hold.Kind.ToString(),
            ["Target"] = hold.Target,
            ["Uid"] = hold.Uid,
            ["Reason"] = hold.Reason,
            ["SetBy"] = hold.SetBy,
            ["SetAt"] = hold.SetAt,
        },
        cancellationToken) is not null;

    public Task RemoveAsync(Hold hold, CancellationToken cancellationToken) =>
        table.DeleteAsync(ChatKeys.Holds(hold.ProjectId), hold.Id, cancellationToken);

    /// <exception cref="VoxException">on_hold</exception>
    public async Task CheckUserAsync(string projectId, string uid, CancellationToken cancellationToken)
    {
        if ((await ReadAsync(projectId, cancellationToken)).HasUser(uid))
        {
            throw new VoxException(
                Errors.OnHold, "The user is under a legal hold: nothing of theirs is deleted before it is lifted.", "username");
        }
    }

    /// <exception cref="VoxException">on_hold</exception>
    public async Task CheckProjectAsync(string projectId, CancellationToken cancellationToken)
    {
        if (!(await ReadAsync(projectId, cancellationToken)).IsEmpty)
        {
            throw new VoxException(
                Errors.OnHold, "The project has legal holds: it is not deleted before the last of them is lifted.", "projectId");
        }
    }
}
