using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.Storage;

namespace Vox.Chat.Moves;

/// <summary>How far a project's move has come.</summary>
/// <param name="Round">0: clients are told to connect anew. 1: those whom the first round may have missed.</param>
/// <param name="Cursor">The partition of the last user who was told; empty at the beginning of a round.</param>
/// <param name="Told">Users who were told so far.</param>
/// <param name="Attempts">How often this step has failed.</param>
/// <param name="NotBefore">When the move goes on.</param>
public sealed record Move(
    string ProjectId, int Round, string Cursor, long Told, int Attempts, DateTimeOffset NotBefore, RowVersion Version);

/// <summary>Table <c>moves</c>: the projects that move from one SignalR service to another.</summary>
public sealed class MoveStore(StorageClients storage) : IProjectRemovalStep
{
    /// <summary>So many projects are worked on in one run.</summary>
    private const int MaxMoves = 100;

    private readonly Table table = storage.Table("moves");

    /// <summary>Also begins a move anew that has changed its direction.</summary>
    public Task BeginAsync(string projectId, DateTimeOffset notBefore, CancellationToken cancellationToken) =>
        table.UpsertAsync(ToRow(new Move(projectId, 0, "", 0, 0, notBefore, default)), cancellationToken);

    public async Task<Move?> FindAsync(string projectId, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.Moves, ChatKeys.Move(projectId), cancellationToken) is { } row ? FromRow(row) : null;

    public async Task<IReadOnlyList<Move>> ReadAsync(CancellationToken cancellationToken) =>
        [.. (await table.QueryAsync($"PartitionKey eq {ChatKeys.Moves}", MaxMoves, cancellationToken)).Select(FromRow)];

    /// <returns>Null when somebody else has changed it meanwhile.</returns>
    public async Task<Move?> TryReplaceAsync(Move move, CancellationToken cancellationToken) =>
        await table.TryReplaceAsync(ToRow(move), move.Version, cancellationToken) is { } version ? move with { Version = version } : null;

    /// <summary>The project has moved. A note that was written anew meanwhile stays.</summary>
    public Task RemoveAsync(Move move, CancellationToken cancellationToken) =>
        table.TryDeleteAsync(ChatKeys.Moves, ChatKeys.Move(move.ProjectId), move.Version, cancellationToken);

    /// <summary>The project is deleted.</summary>
    public Task RemoveAsync(string projectId, CancellationToken cancellationToken) =>
        table.DeleteAsync(ChatKeys.Moves, ChatKeys.Move(projectId), cancellationToken);

    private static TableEntity ToRow(Move move) => new(ChatKeys.Moves, ChatKeys.Move(move.ProjectId))
    {
        ["Round"] = move.Round,
        ["Cursor"] = move.Cursor,
        ["Told"] = move.Told,
        ["Attempts"] = move.Attempts,
        ["NotBefore"] = move.NotBefore == default ? null : move.NotBefore,
    };

    private static Move FromRow(TableEntity row) => new(
        row.RowKey, row.GetInt32("Round") ?? 0, row.GetString("Cursor") ?? "", row.GetInt64("Told") ?? 0, row.GetInt32("Attempts") ?? 0,
        row.GetDateTimeOffset("NotBefore") ?? default, row.ETag);
}
