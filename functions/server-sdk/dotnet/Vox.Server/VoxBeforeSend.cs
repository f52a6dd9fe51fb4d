namespace Vox.Server;

/// <summary>Your server that is asked before a message is stored.</summary>
public sealed class VoxBeforeSend
{
    private readonly VoxConnection connection;

    internal VoxBeforeSend(VoxConnection connection) => this.connection = connection;

    /// <summary>The hook, with what became of the messages of seven days. Throws with status 404 when there is none.</summary>
    public Task<BeforeSendHook> GetAsync(CancellationToken cancellationToken = default) =>
        connection.GetAsync("before-send", VoxJson.Default.BeforeSendHook, cancellationToken);

    /// <summary>Makes or changes the hook. The answer that makes it has the secret; a change keeps it.</summary>
    /// <param name="url">Who is asked: https, on the public internet.</param>
    /// <param name="timeout">How long an answer may take: 100 ms to 3 s; null for 1 s.</param>
    /// <param name="allowsOnFailure">Whether a message is stored when there is no good answer.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<BeforeSendHook> SetAsync(
        string url, TimeSpan? timeout = null, bool allowsOnFailure = true, CancellationToken cancellationToken = default) =>
        connection.ChangeAsync(
            HttpMethod.Put, "before-send", new BeforeSendBody(url, (int?)timeout?.TotalMilliseconds, allowsOnFailure),
            VoxJson.Default.BeforeSendBody, VoxJson.Default.BeforeSendHook, null, cancellationToken);

    /// <summary>Makes a new secret.</summary>
    /// <param name="overlap">How long the present secret signs as well, in whole hours, 0 to 168; null for 24.</param>
    /// <param name="idempotencyKey">With the same key it is done once, whatever happens in between; null: once for this call.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<BeforeSendHook> RotateAsync(
        TimeSpan? overlap = null, string? idempotencyKey = null, CancellationToken cancellationToken = default) => connection.PostAsync(
            "before-send/rotate", RotateBody.Of(overlap), VoxJson.Default.RotateBody, VoxJson.Default.BeforeSendHook, idempotencyKey,
            cancellationToken);

    /// <summary>Nobody is asked any more.</summary>
    public Task DeleteAsync(CancellationToken cancellationToken = default) =>
        connection.DeleteAsync("before-send", null, cancellationToken);
}
