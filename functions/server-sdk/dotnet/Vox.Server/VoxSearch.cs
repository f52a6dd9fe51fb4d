namespace Vox.Server;

/// <summary>Search in all conversations of the project, and the index that it uses. Search must be switched on in the project.</summary>
public sealed class VoxSearch
{
    private readonly VoxConnection connection;

    internal VoxSearch(VoxConnection connection) => this.connection = connection;

    /// <summary>Messages with these words, the newest first. Pages are read as they are needed.</summary>
    /// <param name="q">
    /// Words, <c>prefix*</c>, <c>"a phrase"</c>, <c>from:</c>, <c>in:</c> (a conversation's or a group's id), <c>has:file</c>,
    /// <c>before:</c>, <c>after:</c>.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public IAsyncEnumerable<SearchHit> FindAsync(string q, CancellationToken cancellationToken = default) => Paths.AllAsync(
        Paths.Query("search?limit=50", ("q", q)),
        path => connection.GetAsync(path, VoxJson.Default.SearchPage, cancellationToken), page => (page.Hits, page.Next));

    /// <summary>How far the index is.</summary>
    public Task<SearchIndex> IndexAsync(CancellationToken cancellationToken = default) =>
        connection.GetAsync("search/index", VoxJson.Default.SearchIndex, cancellationToken);

    /// <summary>Makes the index anew, in the background. Until it is ready, search finds less.</summary>
    public Task<SearchIndex> RebuildAsync(CancellationToken cancellationToken = default) => connection.PostAsync(
        "search/rebuild", new EmptyBody(), VoxJson.Default.EmptyBody, VoxJson.Default.SearchIndex, null, cancellationToken);
}

/// <summary>
/// A message that was found. <paramref name="Excerpt"/>: the text around the first word, at most 240 characters, or the name of a file.
/// <paramref name="Marks"/>: where the words stand in it.
/// </summary>
public sealed record SearchHit(string Excerpt, IReadOnlyList<SearchMark> Marks, VoxMessage Message)
{
    /// <summary>The other member, or the group. Always null here: the message says between whom it was.</summary>
    public string? With { get; init; }
}

/// <summary>Where a word stands in an excerpt, in UTF-16 units.</summary>
public sealed record SearchMark(int Start, int Length);

/// <summary>
/// How far the index is: <c>ready</c>, <c>building</c> or <c>off</c>; and how many messages were looked at while it was made.
/// </summary>
public sealed record SearchIndex(string State, long Messages);
