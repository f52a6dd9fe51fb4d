namespace Vox.Chat.Model;

/// <summary>
/// One user, not only their address: whoever has the login id later has another uid. Everything that is the user's own is kept under it, so
/// a successor never meets it, whenever it was written.
/// </summary>
/// <param name="Uid">Empty when it was read from a key of a user from before keys had it (<see cref="IsFormer"/>).</param>
public readonly record struct UserIdentity(string ProjectId, string LoginId, string Uid)
{
    /// <summary>
    /// Uids had this many characters while rows were kept under the login id alone. Rows of such users stay where they are.
    /// </summary>
    private const int FormerUidLength = 16;

    /// <summary>Whether the keys of the user's rows have only the login id.</summary>
    public bool IsFormer => Uid.Length <= FormerUidLength;

    public UserKey Key => new(ProjectId, LoginId);

    /// <summary><c>pid_…|aalice|3QmV…</c>: the partition of everything that is the user's own.</summary>
    public string Partition => ChatKeys.Own(this);

    /// <summary>The user of a <see cref="Partition"/>.</summary>
    public static UserIdentity Of(string partition) => ChatKeys.OwnerOf(partition);

    /// <summary>Whether this is the user with the uid.</summary>
    public bool Is(string uid) => Uid == uid || (Uid.Length == 0 && uid.Length <= FormerUidLength);
}
