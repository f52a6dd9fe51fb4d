namespace Vox.Server;

/// <summary>Erasing everything that a user wrote.</summary>
public sealed class VoxErasures
{
    private readonly VoxConnection connection;

    internal VoxErasures(VoxConnection connection) => this.connection = connection;

    /// <summary>Deletes a user, and erases what they wrote, everywhere. There is no way back.</summary>
    /// <param name="userId">Who.</param>
    /// <param name="former">Also when there is no such user any more: everybody who had this id and was deleted.</param>
    /// <param name="idempotencyKey">With the same key it is done once, whatever happens in between; null: once for this call.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<Erasure> BeginAsync(
        string userId, bool former = false, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        connection.PostAsync(
            "erasures", new ErasureBody(userId, former), VoxJson.Default.ErasureBody, VoxJson.Default.Erasure, idempotencyKey,
            cancellationToken);

    /// <summary>How far an erasure is.</summary>
    public Task<Erasure> GetAsync(string id, CancellationToken cancellationToken = default) =>
        connection.GetAsync($"erasures/{Paths.Part(id)}", VoxJson.Default.Erasure, cancellationToken);
}
