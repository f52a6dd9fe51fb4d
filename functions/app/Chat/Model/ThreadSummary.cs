namespace Vox.Chat.Model;

/// <summary>What a message says about the replies in its thread, so that pages show it without a further request.</summary>
/// <param name="Count">How many there were: the number of the last one. A reply that was deleted or erased keeps its place.</param>
/// <param name="LastAt">When the last one was sent, Unix ms.</param>
/// <param name="Users">Those who replied first, each once, at most <see cref="MaxUsers"/>.</param>
public sealed record ThreadSummary(long Count, long LastAt, IReadOnlyList<Replier> Users)
{
    public const int MaxUsers = 5;

    public static readonly ThreadSummary None = new(0, 0, []);

    /// <summary>After one more reply.</summary>
    public ThreadSummary With(Message reply)
    {
        var draft = reply.Draft;
        var isNew = draft.FromUid.Length > 0 && Users.Count < MaxUsers && !Users.Any(user => user.Uid == draft.FromUid);
        return new ThreadSummary(
            draft.ThreadNumber, reply.SentAt, isNew ? [.. Users, new Replier(draft.From, draft.FromUid)] : Users);
    }
}

/// <summary>Somebody who replied in a thread.</summary>
public sealed record Replier(string LoginId, string Uid);
