using Azure.Data.Tables;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Platform.Storage;

namespace Vox.Chat.Search;

/// <summary>What becomes of a project's index. The names are stored.</summary>
public enum SearchBuildState
{
    /// <summary>Messages from before search was switched on are being added.</summary>
    Building,

    /// <summary>The index that was there is being deleted; then it is made anew.</summary>
    Clearing,

    /// <summary>Search was switched off: the index is being deleted.</summary>
    Removing,

    /// <summary>The index has all messages.</summary>
    Ready,
}

/// <summary>How far the making of a project's index is.</summary>
/// <param name="Cursor">The last message that was added; empty at the beginning.</param>
/// <param name="Messages">How many were looked at.</param>
/// <param name="NotBefore">When it goes on.</param>
public sealed record SearchBuild(
    string ProjectId, SearchBuildState State, string Cursor, long Messages, DateTimeOffset NotBefore, RowVersion? Version);

/// <summary>Table <c>searchbuilds</c>: a row for each project that has or had search.</summary>
public sealed class SearchBuildStore(StorageClients storage) : IProjectRemovalStep
{
    private readonly Table table = storage.Table("searchbuilds");

    public async Task<SearchBuild?> FindAsync(string projectId, CancellationToken cancellationToken) =>
        await table.FindAsync(ChatKeys.SearchBuilds, ChatKeys.SearchBuild(projectId), cancellationToken) is { } row ? FromRow(row) : null;

    /// <summary>What is to be done, of any project.</summary>
    public async Task<IReadOnlyList<SearchBuild>> DueAsync(DateTimeOffset now, int take, CancellationToken cancellationToken) =>
        [.. (await table.QueryAsync(
            $"PartitionKey eq {ChatKeys.SearchBuilds} and State ne {nameof(SearchBuildState.Ready)} and NotBefore le {now}", take,
            cancellationToken)).Select(FromRow)];

    /// <summary>Begins it, whatever was there.</summary>
    public Task BeginAsync(SearchBuild build, CancellationToken cancellationToken) => table.UpsertAsync(ToRow(build), cancellationToken);

    /// <returns>Null when somebody else has changed it since it was read.</returns>
    public async Task<SearchBuild?> TrySaveAsync(SearchBuild build, CancellationToken cancellationToken) =>
        await table.TryReplaceAsync(ToRow(build), build.Version!.Value, cancellationToken) is { } version
            ? build with { Version = version }
            : null;

    public Task RemoveAsync(string projectId, CancellationToken cancellationToken) =>
        table.DeleteAsync(ChatKeys.SearchBuilds, ChatKeys.SearchBuild(projectId), cancellationToken);

    /// <summary>Removes it, unless it has changed since it was read.</summary>
    public Task<bool> TryRemoveAsync(SearchBuild build, CancellationToken cancellationToken) =>
        table.TryDeleteAsync(ChatKeys.SearchBuilds, ChatKeys.SearchBuild(build.ProjectId), build.Version!.Value, cancellationToken);

    private static TableEntity ToRow(SearchBuild build) => new(ChatKeys.SearchBuilds, ChatKeys.SearchBuild(build.ProjectId))
    {
        ["State"] = build.State.ToString(),
        ["Cursor"] = build.Cursor,
        ["Messages"] = build.Messages,
        ["NotBefore"] = build.NotBefore,
    };

    private static SearchBuild FromRow(TableEntity row) => new(
        row.RowKey, Enum.Parse<SearchBuildState>(row.GetString("State")), row.GetString("Cursor") ?? "", row.GetInt64("Messages") ?? 0,
        row.GetDateTimeOffset("NotBefore") ?? default, row.ETag);
}
