namespace Vox.Server;

/// <summary>Tokens with which users log in.</summary>
public sealed class VoxTokens
{
    private readonly VoxConnection connection;

    internal VoxTokens(VoxConnection connection) => this.connection = connection;

    /// <summary>A token for the user's app. Hand it over only to the user who is signed in with you.</summary>
    public Task<LoginToken> CreateAsync(
        string userId, TokenOptions? options = null, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        options ??= new TokenOptions();
        return connection.PostAsync(
            $"users/{Paths.Part(userId)}/tokens",
            new TokenBody((int?)options.Lifetime?.TotalSeconds, options.SingleDevice, options.CreateUser), VoxJson.Default.TokenBody,
            VoxJson.Default.LoginToken, idempotencyKey, cancellationToken);
    }

    /// <summary>Ends a user's tokens and sessions from before a time; null for now.</summary>
    public Task<RevokedTokens> RevokeAsync(
        string userId, DateTimeOffset? before = null, CancellationToken cancellationToken = default) => connection.PostAsync(
            $"users/{Paths.Part(userId)}/tokens/revoke", new RevokeBody(before), VoxJson.Default.RevokeBody, VoxJson.Default.RevokedTokens,
            null, cancellationToken);

    /// <summary>The same for all users of the project.</summary>
    public Task<RevokedTokens> RevokeAllAsync(DateTimeOffset? before = null, CancellationToken cancellationToken = default) =>
        connection.PostAsync(
            "tokens/revoke", new RevokeBody(before), VoxJson.Default.RevokeBody, VoxJson.Default.RevokedTokens, null, cancellationToken);
}
