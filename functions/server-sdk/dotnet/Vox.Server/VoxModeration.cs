namespace Vox.Server;

/// <summary>Bans and mutes.</summary>
public sealed class VoxModeration
{
    private readonly VoxConnection connection;

    internal VoxModeration(VoxConnection connection) => this.connection = connection;

    /// <summary>Keeps a user out of the project until a time; null for ever.</summary>
    public Task<ModeratedUser> BanAsync(
        string userId, DateTimeOffset? until = null, string? reason = null, CancellationToken cancellationToken = default) =>
        PostAsync("moderation/bans", userId, until, reason, cancellationToken);

    /// <summary>Ends a ban.</summary>
    public Task UnbanAsync(string userId, CancellationToken cancellationToken = default) =>
        connection.DeleteAsync($"moderation/bans/{Paths.Part(userId)}", null, cancellationToken);

    /// <summary>Who is banned.</summary>
    public IAsyncEnumerable<ModeratedUser> BansAsync(CancellationToken cancellationToken = default) =>
        ListAsync("moderation/bans?limit=100", cancellationToken);

    /// <summary>Keeps a user from sending until a time; null for ever.</summary>
    public Task<ModeratedUser> MuteAsync(
        string userId, DateTimeOffset? until = null, string? reason = null, CancellationToken cancellationToken = default) =>
        PostAsync("moderation/mutes", userId, until, reason, cancellationToken);

    /// <summary>Ends a mute.</summary>
    public Task UnmuteAsync(string userId, CancellationToken cancellationToken = default) =>
        connection.DeleteAsync($"moderation/mutes/{Paths.Part(userId)}", null, cancellationToken);

    /// <summary>Who is muted.</summary>
    public IAsyncEnumerable<ModeratedUser> MutesAsync(CancellationToken cancellationToken = default) =>
        ListAsync("moderation/mutes?limit=100", cancellationToken);

    /// <summary>Removes a user from a group, and keeps them out until a time; null for ever.</summary>
    public Task<ModeratedUser> BanFromGroupAsync(
        string groupId, string userId, DateTimeOffset? until = null, string? reason = null,
        CancellationToken cancellationToken = default) =>
        PostAsync($"groups/{Paths.Part(groupId)}/bans", userId, until, reason, cancellationToken);

    /// <summary>Ends a ban from a group.</summary>
    public Task UnbanFromGroupAsync(string groupId, string userId, CancellationToken cancellationToken = default) =>
        connection.DeleteAsync($"groups/{Paths.Part(groupId)}/bans/{Paths.Part(userId)}", null, cancellationToken);

    /// <summary>Who is banned from a group.</summary>
    public IAsyncEnumerable<ModeratedUser> GroupBansAsync(string groupId, CancellationToken cancellationToken = default) =>
        ListAsync($"groups/{Paths.Part(groupId)}/bans", cancellationToken);

    private Task<ModeratedUser> PostAsync(
        string path, string userId, DateTimeOffset? until, string? reason, CancellationToken cancellationToken) => connection.PostAsync(
            path, new ModerateBody(userId, until, reason), VoxJson.Default.ModerateBody, VoxJson.Default.ModeratedUser, null,
            cancellationToken);

    private IAsyncEnumerable<ModeratedUser> ListAsync(string path, CancellationToken cancellationToken) => Paths.AllAsync(
        path, address => connection.GetAsync(address, VoxJson.Default.ModeratedPage, cancellationToken), page => (page.Users, page.Next));
}
