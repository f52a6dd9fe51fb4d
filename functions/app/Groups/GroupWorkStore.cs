using Azure;
using Azure.Data.Tables;
using Vox.Conversations;
using Vox.Storage;

namespace Vox.Groups;

/// <summary>A change of membership that may not have reached everything yet.</summary>
/// <param name="LoginId">Whose; null: all members', because the group was deleted.</param>
public sealed record GroupWork(ConversationKey Key, string? LoginId, ETag Version);

/// <summary>
/// Table <c>groupwork</c>: whose lists and live groups may differ from the members' table. Written before a change, removed when all has
/// followed; what stays, a timer finishes.
/// </summary>
public sealed class GroupWorkStore(StorageClients storage, TimeProvider time)
{
    private const string All = "!";

    private readonly Table table = storage.ProjectTable("groupwork");

    /// <param name="loginIds">At most 100.</param>
    public async Task<IReadOnlyList<GroupWork>> NoteAsync(
        ConversationKey key, IReadOnlyCollection<string> loginIds, CancellationToken cancellationToken)
    {
        var responses = await table.SubmitAsync(
            [.. loginIds.Select(id => new TableTransactionAction(TableTransactionActionType.UpsertReplace, Row(key, KeyText.Encode(id), id)))],
            cancellationToken);
        return [.. loginIds.Select((id, i) => new GroupWork(key, id, responses[i].Headers.ETag!.Value))];
    }

    public async Task NoteAllAsync(ConversationKey key, CancellationToken cancellationToken) =>
        await table.UpsertAsync(Row(key, All, null), cancellationToken);

    public async Task DoneAllAsync(ConversationKey key, CancellationToken cancellationToken) =>
        await table.DeleteAsync(key.Partition, All, cancellationToken);

    /// <summary>Unless it was noted again meanwhile: then whoever did so finishes it.</summary>
    public Task DoneAsync(GroupWork work, CancellationToken cancellationToken) => table.TryDeleteAsync(
        work.Key.Partition, work.LoginId is { } id ? KeyText.Encode(id) : All, work.Version, cancellationToken);

    /// <summary>What was noted at least so long ago and not finished since.</summary>
    public async Task<IReadOnlyList<GroupWork>> FindAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var until = (time.GetUtcNow() - age).ToUnixTimeMilliseconds();
        var found = new List<GroupWork>();
        await foreach (var row in table.EnumerateAsync($"At le {until}", 1_000, cancellationToken))
        {
            found.Add(new GroupWork(new ConversationKey(row.GetString("Project"), row.GetString("Group")), row.GetString("Login"), row.ETag));
        }

        return found;
    }

    private TableEntity Row(ConversationKey key, string rowKey, string? loginId)
    {
        var row = new TableEntity(key.Partition, rowKey)
        {
            ["Project"] = key.ProjectId,
            ["Group"] = key.Id,
            ["At"] = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        if (loginId is not null)
        {
            row["Login"] = loginId;
        }

        return row;
    }
}
