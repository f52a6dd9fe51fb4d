using Vox.Platform.Storage;

namespace Vox.Chat.Model;

/// <summary>
/// A user's id at the SignalR service: <c>pid_…:aalice</c>. The login id is encoded as in storage keys, because it travels in headers and
/// paths, where the service takes only ASCII.
/// </summary>
internal static class RealtimeUser
{
    public static string IdOf(UserKey user) => $"{user.ProjectId}:{KeyText.Encode(user.LoginId)}";

    /// <summary>A chat group's name at the SignalR service: <c>pid_…:gX7…</c>.</summary>
    public static string GroupOf(string projectId, string groupId) => $"{projectId}:{groupId}";

    /// <returns>Null for a text that <see cref="IdOf"/> did not make.</returns>
    public static UserKey? Parse(string? id)
    {
        if (id?.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon))
        {
            return null;
        }

        try
        {
            return new UserKey(id[..colon], KeyText.Decode(id[(colon + 1)..]));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
