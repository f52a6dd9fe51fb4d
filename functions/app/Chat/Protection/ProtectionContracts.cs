using Vox.Chat.Holds;

namespace Vox.Chat.Protection;

/// <summary>An erasure, and the proof of it when it is done.</summary>
/// <param name="Kind"><c>user</c>, <c>conversation</c> or <c>project</c>.</param>
/// <param name="State">
/// <c>running</c>, <c>sweeping</c> (what is known is erased; everything is searched once more), <c>held</c> (a legal hold keeps a part), or
/// <c>done</c>.
/// </param>
/// <param name="Subject">The user's login id, absent when they are erased; the conversation's or the project's id.</param>
/// <param name="Pseudonym">Of a user: what stands in place of their login id.</param>
/// <param name="NextAt">When the next step is due. Absent when it is done.</param>
/// <param name="Messages">Messages that were emptied.</param>
/// <param name="LogRows">Rows of the log that were emptied.</param>
/// <param name="References">Places where others had kept the user's login id.</param>
public sealed record ErasureView(
    string Id, ErasureKind Kind, ErasureState State, string? Subject, string? Pseudonym, DateTimeOffset RequestedAt, string RequestedBy,
    DateTimeOffset? NextAt, DateTimeOffset? DoneAt, long Users, long Conversations, long Messages, long LogRows, long Files,
    long References)
{
    public static ErasureView Of(Erasure erasure)
    {
        var counts = erasure.Counts;
        return new(
            erasure.Id, erasure.Kind, erasure.State, erasure.Subject.Length > 0 ? erasure.Subject : null,
            erasure.Pseudonym.Length > 0 ? erasure.Pseudonym : null, erasure.RequestedAt, erasure.RequestedBy,
            erasure.State == ErasureState.Done ? null : erasure.DueAt, erasure.DoneAt, counts.Users, counts.Conversations, counts.Messages,
            counts.LogRows, counts.Files, counts.References);
    }
}

/// <param name="Erasures">Newest first.</param>
/// <param name="Next">Goes into <c>after</c> for older ones; absent on the last page.</param>
public sealed record ErasurePage(IReadOnlyList<ErasureView> Erasures, string? Next);

/// <summary>Names one of the three: a user, a conversation, or with the project's name the whole project.</summary>
/// <param name="Username">The user's login id.</param>
/// <param name="Former">
/// Also when there is no such user any more: then everybody is erased who had this login id and was deleted. Default false.
/// </param>
/// <param name="Confirmation">The project's name, to erase all of it.</param>
public sealed record ErasureRequest(string? Username, string? Conversation = null, string? Confirmation = null, bool? Former = null);

/// <param name="Kind"><c>user</c>, <c>conversation</c> or <c>project</c>.</param>
/// <param name="Target">The user's login id or the conversation's id; absent for the project.</param>
public sealed record HoldView(string Id, string Kind, string? Target, string Reason, string SetBy, DateTimeOffset SetAt)
{
    public static HoldView Of(Hold hold) => new(
        hold.Id, hold.Kind.ToString().ToLowerInvariant(), hold.Target.Length > 0 ? hold.Target : null, hold.Reason, hold.SetBy, hold.SetAt);
}

/// <param name="Holds">Newest first; at most 1,000.</param>
public sealed record HoldList(IReadOnlyList<HoldView> Holds);

/// <summary>Names a user or a conversation; neither for the whole project.</summary>
/// <param name="Username">The user's login id.</param>
/// <param name="Reason">Why, for people to read; 1–500 characters.</param>
public sealed record HoldRequest(string? Username, string? Conversation, string? Reason);

/// <param name="Reason">Why, for people to read; 1–500 characters.</param>
public sealed record HoldReason(string? Reason);

/// <summary>How many days something is kept; 0 for ever.</summary>
/// <param name="LogDays">Rows of the log.</param>
/// <param name="MessageDays">Messages in conversations, with the files that were sent with them.</param>
/// <param name="FileDays">Files.</param>
public sealed record RetentionView(int LogDays, int MessageDays, int FileDays);

/// <summary>1–3,650 days, or 0 for ever. What is absent stays as it is.</summary>
public sealed record RetentionRequest(int? LogDays = null, int? MessageDays = null, int? FileDays = null);

/// <param name="Repeated">How many erasures begin again.</param>
public sealed record ReapplyResponse(int Repeated);
