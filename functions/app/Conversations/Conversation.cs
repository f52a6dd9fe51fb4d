using Azure;

namespace Vox.Conversations;

/// <summary>A member as recorded in the head of a direct conversation.</summary>
public sealed record Member(string LoginId, string Uid);

/// <summary>The head row: the only row that every send changes.</summary>
/// <param name="Members">Both users, once when they are the same.</param>
/// <param name="LastSequence">0 before the first message.</param>
/// <param name="LastTime">Time of the last message, Unix ms.</param>
/// <param name="Closed">No more messages: a member was deleted.</param>
/// <param name="Version">Null: not stored yet.</param>
public sealed record ConversationHead(
    IReadOnlyList<Member> Members,
    long LastSequence,
    long LastTime,
    bool Closed,
    ETag? Version);
