namespace Vox.Chat.Holds;

public enum HoldKind
{
    Project,
    User,
    Conversation,
}

/// <summary>
/// A legal hold. As long as it stands, nothing of what it covers is erased, deleted or taken away by retention: texts, files, log, and the
/// user or project itself.
/// </summary>
/// <param name="Target">The user's login id or the conversation's id; empty for the whole project.</param>
/// <param name="Uid">The user's uid; empty otherwise.</param>
/// <param name="Reason">For people to read: the case, the court, the file number.</param>
/// <param name="SetBy">Who set it: a developer's e-mail address, <c>api</c> or <c>operator</c>.</param>
public sealed record Hold(
    string ProjectId, HoldKind Kind, string Target, string Uid, string Reason, string SetBy, DateTimeOffset SetAt)
{
    /// <summary>Names the hold among those of its project: <c>project</c>, <c>user-3QmV…</c>, <c>conversation-dK7c…</c>.</summary>
    public string Id => Kind switch
    {
        HoldKind.User => "user-" + Uid,
        HoldKind.Conversation => "conversation-" + Target,
        _ => "project",
    };
}

/// <summary>All holds of a project, as they were read.</summary>
public sealed record HoldSet(IReadOnlyList<Hold> All)
{
    public bool IsEmpty => All.Count == 0;

    /// <summary>Whether everything in the project is held.</summary>
    public bool Project => All.Any(hold => hold.Kind == HoldKind.Project);

    public IEnumerable<Hold> Users => All.Where(hold => hold.Kind == HoldKind.User);

    /// <summary>Whether this user is held, by themselves or with the project.</summary>
    public bool HasUser(string uid) => All.Any(hold => hold.Kind == HoldKind.Project || (hold.Kind == HoldKind.User && hold.Uid == uid));

    /// <summary>Whether this conversation is held, by itself or with the project. Its members may be held as well.</summary>
    public bool HasConversation(string id) =>
        All.Any(hold => hold.Kind == HoldKind.Project || (hold.Kind == HoldKind.Conversation && hold.Target == id));
}
