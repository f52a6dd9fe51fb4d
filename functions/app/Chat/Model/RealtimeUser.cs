using Vox.Platform.Storage;

namespace Vox.Chat.Model;

/// <summary>
/// A user's id at the SignalR service: <c>pid_…:aalice:3QmV…</c>. With the uid, so that what is meant for a user never reaches a connection
/// of somebody who had the login id before them. The login id is encoded as in storage keys, because it travels in headers and paths,
/// where the service takes only ASCII.
/// </summary>
internal static class RealtimeUser
{
    public static string IdOf(UserIdentity user) =>
        $"{user.ProjectId}:{KeyText.Encode(user.LoginId)}{(user.IsFormer ? "" : ":" + user.Uid)}";

    /// <summary>A chat group's name at the SignalR service: <c>pid_…:gX7…</c>.</summary>
    public static string GroupOf(string projectId, string groupId) => $"{projectId}:{groupId}";

    /// <summary>The group of a session's connections there: <c>pid_…:s:3QmV…</c>. No chat group has such a name.</summary>
    public static string SessionOf(string projectId, string sessionId) => $"{projectId}:s:{sessionId}";

    /// <returns>Null for a text that <see cref="IdOf"/> did not make.</returns>
    public static UserIdentity? Parse(string? id)
    {
        if (id?.Split(':') is not [{ Length: > 0 } projectId, var login, .. { Length: <= 1 } rest])
        {
            return null;
        }

        try
        {
            return new UserIdentity(projectId, KeyText.Decode(login), rest is [var uid] ? uid : "");
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
