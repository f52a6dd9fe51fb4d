using Vox.Chat.Model;
using Vox.Chat.Sessions;

namespace Vox.Chat.Conversations.Groups;

/// <summary>Who does something to a group, and from which client.</summary>
/// <param name="Client">Header <c>X-Client-Id</c>; null when the client sent none.</param>
public sealed record GroupActor(string ProjectId, Sender Sender, string? Client)
{
    public UserIdentity Identity => new(ProjectId, LoginId, Uid);

    public string LoginId => Sender.LoginId;

    public string Uid => Sender.Uid;

    private const int MaxClientId = 64;

    /// <returns>Null when the client named itself too long, or not at all.</returns>
    internal static string? ClientOf(Microsoft.AspNetCore.Http.HttpRequest request) =>
        request.Headers["X-Client-Id"].ToString() is { Length: > 0 and <= MaxClientId } client ? client : null;

    public static GroupActor From(Caller caller, string? client) => new(caller.Project.Id, caller.Sender, client);
}
