namespace Vox.Server;

/// <summary>Users, who is online, their log-ins and their devices.</summary>
public sealed class VoxUsers
{
    private readonly VoxConnection connection;

    internal VoxUsers(VoxConnection connection) => this.connection = connection;

    /// <summary>Creates those of up to 100 users that do not exist, and changes the others.</summary>
    public Task<UpsertedUsers> UpsertAsync(
        IEnumerable<UserDraft> users, string? idempotencyKey = null, CancellationToken cancellationToken = default) => connection.PostAsync(
            "users", new UsersBody(users), VoxJson.Default.UsersBody, VoxJson.Default.UpsertedUsers, idempotencyKey, cancellationToken);

    /// <summary>Throws with code <c>user_not_found</c> when there is none.</summary>
    public Task<VoxUser> GetAsync(string id, CancellationToken cancellationToken = default) =>
        connection.GetAsync($"users/{Paths.Part(id)}", VoxJson.Default.VoxUser, cancellationToken);

    /// <summary>All users, or those whose id begins with a prefix. Pages are read as they are needed.</summary>
    public IAsyncEnumerable<VoxUser> ListAsync(string prefix = "", CancellationToken cancellationToken = default) => Paths.AllAsync(
        "users?limit=100" + (prefix.Length > 0 ? "&prefix=" + Paths.Part(prefix) : ""),
        path => connection.GetAsync(path, VoxJson.Default.UserPage, cancellationToken), page => (page.Users, page.Next));

    /// <param name="id">Who.</param>
    /// <param name="change">What is null stays as it is.</param>
    /// <param name="ifMatch">An etag: the change is refused with <c>precondition_failed</c> if the user has another one by now.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<VoxUser> ChangeAsync(
        string id, UserDraft change, string? ifMatch = null, CancellationToken cancellationToken = default) => connection.ChangeAsync(
            HttpMethod.Patch, $"users/{Paths.Part(id)}", change with { Id = null }, VoxJson.Default.UserDraft, VoxJson.Default.VoxUser,
                ifMatch,
            cancellationToken);

    /// <summary>Keeps a user from logging in, and ends their sessions.</summary>
    public Task<VoxUser> DisableAsync(string id, CancellationToken cancellationToken = default) => PostAsync(id, "disable",
        cancellationToken);

    /// <summary>Lets a disabled user log in again.</summary>
    public Task<VoxUser> EnableAsync(string id, CancellationToken cancellationToken = default) => PostAsync(id, "enable",
        cancellationToken);

    /// <summary>Deletes a user. There is no way back.</summary>
    public Task DeleteAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        connection.DeleteAsync($"users/{Paths.Part(id)}", ifMatch, cancellationToken);

    /// <summary>Who of up to 100 users is online.</summary>
    public async Task<IReadOnlyList<UserPresence>> PresenceAsync(
        IEnumerable<string> ids, CancellationToken cancellationToken = default) => (await connection.PostAsync(
            "presence", new IdsBody(ids), VoxJson.Default.IdsBody, VoxJson.Default.PresenceList, null, cancellationToken)
            .ConfigureAwait(false)).Users;

    /// <summary>A user's log-ins, one for each device.</summary>
    public async Task<IReadOnlyList<UserSession>> SessionsAsync(string id, CancellationToken cancellationToken = default) =>
        (await connection.GetAsync($"users/{Paths.Part(id)}/sessions", VoxJson.Default.SessionList, cancellationToken)
            .ConfigureAwait(false)).Sessions;

    /// <summary>Ends a user's session on one device.</summary>
    public Task EndSessionAsync(string id, string sessionId, CancellationToken cancellationToken = default) =>
        connection.DeleteAsync($"users/{Paths.Part(id)}/sessions/{Paths.Part(sessionId)}", null, cancellationToken);

    /// <summary>The devices that a user's apps have registered for push messages, the one that registered last first.</summary>
    public async Task<IReadOnlyList<UserDevice>> DevicesAsync(string id, CancellationToken cancellationToken = default) =>
        (await connection.GetAsync($"users/{Paths.Part(id)}/devices", VoxJson.Default.DeviceList, cancellationToken)
            .ConfigureAwait(false)).Devices;

    /// <summary>A device gets no push messages any more, until its app registers it again. Nobody is logged out.</summary>
    public Task RemoveDeviceAsync(string id, string deviceId, CancellationToken cancellationToken = default) =>
        connection.DeleteAsync($"users/{Paths.Part(id)}/devices/{Paths.Part(deviceId)}", null, cancellationToken);

    private Task<VoxUser> PostAsync(string id, string what, CancellationToken cancellationToken) => connection.PostAsync(
        $"users/{Paths.Part(id)}/{what}", new EmptyBody(), VoxJson.Default.EmptyBody, VoxJson.Default.VoxUser, null, cancellationToken);
}
