using Vox.Platform.Storage;

namespace Vox.Chat.Model;

/// <summary>
/// Which user of which project, by the login id. It is the user's address, not the user: a successor may have the same one. What must not
/// be a successor's belongs to the uid.
/// </summary>
public readonly record struct UserKey(string ProjectId, string LoginId)
{
    /// <summary><c>pid_…|aalice</c>: the partition of everything that is the user's own.</summary>
    public string Partition => ChatKeys.User(this);

    /// <summary>The user of a <see cref="Partition"/>.</summary>
    public static UserKey Of(string partition) => new(Keys.ProjectIdOf(partition), ChatKeys.LoginIdOf(partition));
}
