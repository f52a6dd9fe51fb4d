using System.Text.Json.Serialization;
using Vox.Platform.Storage;

namespace Vox.Chat.Protection;

/// <summary>Who asks, for the record.</summary>
/// <param name="Who">A developer's e-mail address, <c>api</c> or <c>operator</c>.</param>
/// <param name="Address">The client's address.</param>
public sealed record DataActor(string Who, string Address)
{
    public const string Api = "api";
    public const string Operator = "operator";
}

[JsonConverter(typeof(JsonStringEnumConverter<ErasureKind>))]
public enum ErasureKind
{
    [JsonStringEnumMemberName("user")]
    User,

    [JsonStringEnumMemberName("conversation")]
    Conversation,

    [JsonStringEnumMemberName("project")]
    Project,

    /// <summary>A run over what is older than the project's settings allow. It is in no list.</summary>
    [JsonStringEnumMemberName("retention")]
    Retention,
}

[JsonConverter(typeof(JsonStringEnumConverter<ErasureState>))]
public enum ErasureState
{
    /// <summary>What is known is being erased.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>
    /// What is known is erased. When nobody can write late any more, everything is searched once more.
    /// </summary>
    [JsonStringEnumMemberName("sweeping")]
    Sweeping,

    /// <summary>A legal hold keeps all or a part of it. It goes on when the hold is lifted.</summary>
    [JsonStringEnumMemberName("held")]
    Held,

    /// <summary>Everything is erased. The record stays as the proof.</summary>
    [JsonStringEnumMemberName("done")]
    Done,
}

/// <summary>A request to erase something, and afterwards the proof that it was.</summary>
/// <param name="Subject">The user's login id until they are erased, then empty; the conversation's id; the project's id.</param>
/// <param name="Uid">
/// Of a user. It is random, says nothing about the person, and lets the erasure be repeated after an old state was restored.
/// </param>
/// <param name="Pseudonym">What stands in place of the user's login id from now on.</param>
/// <param name="LastSequence">Of a conversation: what was written after the request stays.</param>
/// <param name="DueAt">When the next step is to be done.</param>
/// <param name="Cursor">How far the search has come.</param>
public sealed record Erasure(
    string ProjectId,
    string Id,
    ErasureKind Kind,
    string Subject,
    string Uid,
    string Pseudonym,
    long LastSequence,
    ErasureState State,
    DateTimeOffset RequestedAt,
    string RequestedBy,
    DateTimeOffset DueAt,
    DateTimeOffset? DoneAt,
    ErasureCounts Counts,
    string Cursor,
    RowVersion Version)
{
    /// <summary>The id of a project's run of retention, of which there is one at a time. It comes after all others.</summary>
    public const string RetentionId = "retention";
}

/// <summary>What was erased. Counted in what is left behind, so that neither a crash nor a second process counts anything twice.</summary>
/// <param name="References">
/// Places where others had kept the user's login id. Nothing of them is left to count: after a crash, or with two processes, there were
/// more.
/// </param>
public sealed record ErasureCounts(
    long Users = 0, long Conversations = 0, long Messages = 0, long LogRows = 0, long Files = 0, long References = 0);
