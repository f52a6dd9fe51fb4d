namespace Vox.Server;

/// <summary>Archives of a user's data, or of the whole project's.</summary>
public sealed class VoxExports
{
    private readonly VoxConnection connection;

    internal VoxExports(VoxConnection connection) => this.connection = connection;

    /// <summary>Begins an archive. It is written within minutes and kept for seven days.</summary>
    /// <param name="userId">Whose data; null for the whole project's.</param>
    /// <param name="idempotencyKey">With the same key it is done once, whatever happens in between; null: once for this call.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<DataExport> BeginAsync(
        string? userId = null, string? idempotencyKey = null, CancellationToken cancellationToken = default) => connection.PostAsync(
            "exports", new ExportBody(userId), VoxJson.Default.ExportBody, VoxJson.Default.DataExport, idempotencyKey, cancellationToken);

    /// <summary>Exports, the newest first, at most 200.</summary>
    public async Task<IReadOnlyList<DataExport>> ListAsync(CancellationToken cancellationToken = default) =>
        (await connection.GetAsync("exports", VoxJson.Default.ExportList, cancellationToken).ConfigureAwait(false)).Exports;

    /// <summary>How far an export is.</summary>
    public Task<DataExport> GetAsync(string id, CancellationToken cancellationToken = default) =>
        connection.GetAsync($"exports/{Paths.Part(id)}", VoxJson.Default.DataExport, cancellationToken);

    /// <summary>Where an archive that is ready can be downloaded.</summary>
    public Task<ExportLink> LinkAsync(string id, CancellationToken cancellationToken = default) => connection.PostAsync(
        $"exports/{Paths.Part(id)}/link", new EmptyBody(), VoxJson.Default.EmptyBody, VoxJson.Default.ExportLink, null, cancellationToken);
}
