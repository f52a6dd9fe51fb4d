using Vox.Platform.Storage;

namespace Vox.Chat.Model;

/// <summary>
/// Which user of which project, by the login id. It is the user's address, not the user: a successor may have the same one. What must not
/// be a successor's belongs to the <see cref="UserIdentity"/>.
/// </summary>
public readonly record struct UserKey(string ProjectId, string LoginId)
{
    /// <summary><c>pid_…|aalice</c>: the partition of what is kept about the login id, whoever has it.</summary>
    public string Partition => ChatKeys.User(this);
}
