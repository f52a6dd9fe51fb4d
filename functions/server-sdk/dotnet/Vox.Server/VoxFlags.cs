namespace Vox.Server;

/// <summary>What users have flagged for moderators.</summary>
public sealed class VoxFlags
{
    private readonly VoxConnection connection;

    internal VoxFlags(VoxConnection connection) => this.connection = connection;

    /// <summary>The queue, the newest first.</summary>
    /// <param name="state"><c>open</c> or <c>decided</c>; null for open.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public IAsyncEnumerable<FlaggedItem> ListAsync(string? state = null, CancellationToken cancellationToken = default) => Paths.AllAsync(
        Paths.Query("moderation/flags?limit=100", ("state", state)),
        path => connection.GetAsync(path, VoxJson.Default.FlagPage, cancellationToken), page => (page.Flags, page.Next));

    /// <summary>One of them, with the flags and the messages around it.</summary>
    public Task<FlagDetails> GetAsync(string id, CancellationToken cancellationToken = default) =>
        connection.GetAsync($"moderation/flags/{Paths.Part(id)}", VoxJson.Default.FlagDetails, cancellationToken);

    /// <summary>Decides. It is done at once, and can be decided again.</summary>
    /// <param name="id">Which.</param>
    /// <param name="action"><c>keep</c>, <c>delete</c> (a message), <c>mute</c> or <c>ban</c> (the user).</param>
    /// <param name="until">When a mute or ban ends by itself; null for never.</param>
    /// <param name="note">For other moderators, at most 200 characters.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<FlaggedItem> DecideAsync(
        string id, string action, DateTimeOffset? until = null, string? note = null, CancellationToken cancellationToken = default) =>
        connection.PostAsync(
            $"moderation/flags/{Paths.Part(id)}/decision", new DecideBody(action, until, note), VoxJson.Default.DecideBody,
            VoxJson.Default.FlaggedItem, null, cancellationToken);
}

/// <summary>Words that are blocked, masked or flagged.</summary>
public sealed class VoxWords
{
    private readonly VoxConnection connection;

    internal VoxWords(VoxConnection connection) => this.connection = connection;

    /// <summary>The lists.</summary>
    public Task<StoredWordLists> GetAsync(CancellationToken cancellationToken = default) =>
        connection.GetAsync("moderation/words", VoxJson.Default.StoredWordLists, cancellationToken);

    /// <summary>Sets the lists, in place of those that there are: together at most 10,000 entries. They hold within a minute.</summary>
    public Task<StoredWordLists> SetAsync(WordLists lists, CancellationToken cancellationToken = default) => connection.ChangeAsync(
        HttpMethod.Put, "moderation/words", lists, VoxJson.Default.WordLists, VoxJson.Default.StoredWordLists, null, cancellationToken);

    /// <summary>What the lists say of a text. Nothing is stored.</summary>
    /// <param name="text">As a user would send it.</param>
    /// <param name="html">Whether it is HTML.</param>
    /// <param name="lists">Lists that are not stored yet; null for those of the project.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<WordTrial> TryAsync(
        string text, bool html = false, WordLists? lists = null, CancellationToken cancellationToken = default) => connection.PostAsync(
            "moderation/words/try", new WordTryBody(text, html, lists), VoxJson.Default.WordTryBody, VoxJson.Default.WordTrial, null,
            cancellationToken);
}
