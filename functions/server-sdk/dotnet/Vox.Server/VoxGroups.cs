namespace Vox.Server;

/// <summary>Groups and their members. A group is named by your own id, or by its conversation's.</summary>
public sealed class VoxGroups
{
    private readonly VoxConnection connection;

    internal VoxGroups(VoxConnection connection) => this.connection = connection;

    /// <summary>Begins a group. Throws with code <c>group_exists</c> when the id is taken.</summary>
    public Task<VoxGroup> CreateAsync(
        GroupDraft group, string? idempotencyKey = null, CancellationToken cancellationToken = default) => connection.PostAsync(
            "groups", group, VoxJson.Default.GroupDraft, VoxJson.Default.VoxGroup, idempotencyKey, cancellationToken);

    /// <summary>Throws with code <c>group_not_found</c> when there is none.</summary>
    public Task<VoxGroup> GetAsync(string id, CancellationToken cancellationToken = default) =>
        connection.GetAsync($"groups/{Paths.Part(id)}", VoxJson.Default.VoxGroup, cancellationToken);

    /// <summary>All groups, or those of one user.</summary>
    public IAsyncEnumerable<VoxGroup> ListAsync(string? member = null, CancellationToken cancellationToken = default) => Paths.AllAsync(
        "groups?limit=100" + (member is null ? "" : "&member=" + Paths.Part(member)),
        path => connection.GetAsync(path, VoxJson.Default.GroupPage, cancellationToken), page => (page.Groups, page.Next));

    /// <param name="id">Which.</param>
    /// <param name="change">What is null stays as it is.</param>
    /// <param name="ifMatch">An etag: the change is refused with <c>precondition_failed</c> if the group has another one by now.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<VoxGroup> ChangeAsync(
        string id, GroupChange change, string? ifMatch = null, CancellationToken cancellationToken = default) => connection.ChangeAsync(
            HttpMethod.Patch, $"groups/{Paths.Part(id)}", change, VoxJson.Default.GroupChange, VoxJson.Default.VoxGroup, ifMatch,
            cancellationToken);

    /// <summary>Deletes a group for all members. Its id is not free again.</summary>
    public Task DeleteAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        connection.DeleteAsync($"groups/{Paths.Part(id)}", ifMatch, cancellationToken);

    /// <summary>The members of a group.</summary>
    public IAsyncEnumerable<GroupMember> MembersAsync(string id, CancellationToken cancellationToken = default) => Paths.AllAsync(
        $"groups/{Paths.Part(id)}/members?limit=1000",
        path => connection.GetAsync(path, VoxJson.Default.MemberPage, cancellationToken), page => (page.Members, page.Next));

    /// <summary>Adds up to 1,000 members.</summary>
    public Task<MembersChanged> AddMembersAsync(
        string id, IEnumerable<string> userIds, CancellationToken cancellationToken = default) =>
        PostAsync($"groups/{Paths.Part(id)}/members", userIds, cancellationToken);

    /// <summary>Removes up to 1,000 members.</summary>
    public Task<MembersChanged> RemoveMembersAsync(
        string id, IEnumerable<string> userIds, CancellationToken cancellationToken = default) =>
        PostAsync($"groups/{Paths.Part(id)}/members/remove", userIds, cancellationToken);

    /// <summary>Makes a member an admin, or an admin a member.</summary>
    public Task SetAdminAsync(string id, string userId, bool admin, CancellationToken cancellationToken = default) =>
        connection.ChangeAsync(
            HttpMethod.Put, $"groups/{Paths.Part(id)}/members/{Paths.Part(userId)}", new RoleBody(admin ? "admin" : "member"),
            VoxJson.Default.RoleBody, VoxJson.Default.RoleBody, null, cancellationToken);

    private Task<MembersChanged> PostAsync(string path, IEnumerable<string> ids, CancellationToken cancellationToken) =>
        connection.PostAsync(
        path, new IdsBody(ids), VoxJson.Default.IdsBody, VoxJson.Default.MembersChanged, null, cancellationToken);
}
