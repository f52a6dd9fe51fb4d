using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Chat.Users;
using Vox.Platform.Storage;

namespace Vox.Chat.ServerApi.Moderation;

/// <summary>That a user of a project is banned or muted.</summary>
/// <param name="Kind"><see cref="ModerationStore.Ban"/> or <see cref="ModerationStore.Mute"/>.</param>
/// <param name="Until">When it ends by itself.</param>
/// <param name="By">The name of the API key.</param>
public sealed record ModerationEntry(
    string ProjectId, string Kind, string LoginId, string Uid, DateTimeOffset Until, string Reason, DateTimeOffset At, string By);

/// <summary>
/// Who is banned or muted, in table <c>moderation</c>, to be listed. What counts is in the users' own rows: these here may name somebody
/// whose ban has ended, or lag behind for a moment.
/// </summary>
public sealed class ModerationStore(StorageClients storage)
{
    public const string Ban = "ban";
    public const string Mute = "mute";

    private readonly Table table = storage.ProjectTable("moderation");

    public Task SetAsync(ModerationEntry entry, CancellationToken cancellationToken) => table.UpsertAsync(
        new TableEntity(ChatKeys.Moderation(entry.ProjectId), ChatKeys.ModerationRow(entry.Kind, entry.LoginId))
        {
            ["Login"] = entry.LoginId,
            ["Uid"] = entry.Uid,
            ["Until"] = entry.Until,
            ["Reason"] = entry.Reason,
            ["At"] = entry.At,
            ["By"] = entry.By,
        },
        cancellationToken);

    public async Task<ModerationEntry?> FindAsync(string projectId, string kind, string loginId, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.Moderation(projectId), ChatKeys.ModerationRow(kind, loginId), cancellationToken) is { } row
            ? FromRow(projectId, kind, row)
            : null;

    public Task RemoveAsync(string projectId, string kind, string loginId, CancellationToken cancellationToken) =>
        table.DeleteAsync(ChatKeys.Moderation(projectId), ChatKeys.ModerationRow(kind, loginId), cancellationToken);

    /// <summary>In key order.</summary>
    /// <param name="after">The login id of the last one of the page before; empty for the first page.</param>
    public async Task<List<ModerationEntry>> ListAsync(
        string projectId, string kind, string after, int take, CancellationToken cancellationToken)
    {
        var (from, to) = ChatKeys.ModerationRows(kind);
        var begin = after.Length > 0 ? ChatKeys.ModerationRow(kind, after) : from;
        var rows = await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.Moderation(projectId)} and RowKey gt {begin} and RowKey lt {to}", take, cancellationToken);
        return rows.ConvertAll(row => FromRow(projectId, kind, row));
    }

    private static ModerationEntry FromRow(string projectId, string kind, TableEntity row) => new(
        projectId, kind, row.GetString("Login"), row.GetString("Uid"), row.GetDateTimeOffset("Until") ?? default,
        row.GetString("Reason") ?? "", row.GetDateTimeOffset("At") ?? default, row.GetString("By") ?? "");
}

/// <summary>A deleted user is neither banned nor muted. A successor's entry stays.</summary>
internal sealed class ModerationRemoval(ModerationStore store) : IUserRemovalStep
{
    public async Task RemoveAsync(User user, CancellationToken cancellationToken)
    {
        foreach (var kind in (string[])[ModerationStore.Ban, ModerationStore.Mute])
        {
            if (await store.FindAsync(user.ProjectId, kind, user.LoginId, cancellationToken) is { } entry && entry.Uid == user.Uid)
            {
                await store.RemoveAsync(user.ProjectId, kind, user.LoginId, cancellationToken);
            }
        }
    }
}
