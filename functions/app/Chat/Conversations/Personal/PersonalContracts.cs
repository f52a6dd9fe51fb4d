using Vox.Chat.Conversations.Storage;

namespace Vox.Chat.Conversations.Personal;

/// <summary><c>PATCH /api/v1/conversations/{conversation}/settings</c>. A field that is absent stays as it is.</summary>
/// <param name="MutedUntil">Unix ms; 0 for not muted, -1 for ever.</param>
/// <param name="UnreadFrom">Marks the messages from this sequence on as unread; 0 takes the mark back.</param>
internal sealed record SettingsRequest(long? MutedUntil = null, bool? Archived = null, bool? Favourite = null, long? UnreadFrom = null);

/// <summary>
/// What a user has set for themselves in one conversation, and the argument of the live event <c>settings</c>. What is at its default is
/// absent.
/// </summary>
/// <param name="MutedUntil">Unix ms, -1 for ever: apps announce no messages of the conversation.</param>
/// <param name="UnreadFrom">They have marked the messages from this sequence on as unread.</param>
/// <param name="ClearedThrough">They have deleted the history up to this sequence for themselves.</param>
/// <param name="Version">Of two states the one with the higher version is newer.</param>
/// <param name="HiddenSequences">
/// Messages that they have deleted for themselves: in an event and an answer those of the request, in sync the newest 1,000.
/// </param>
public sealed record ConversationSettings(
    string Conversation, long? MutedUntil, bool? Archived, bool? Favourite, long? UnreadFrom, long? ClearedThrough, long Version,
    IReadOnlyList<long>? HiddenSequences = null)
{
    internal const int MaxHidden = 1_000;

    /// <param name="lastOwn">Sequence of the user's own newest message: whoever answers has read what came before.</param>
    internal static ConversationSettings Of(
        string conversation, PersonalState state, long lastOwn, IReadOnlyList<long>? hidden = null) => new(
        conversation, state.MutedUntil != 0 ? state.MutedUntil : null, state.Archived ? true : null, state.Favourite ? true : null,
        state.UnreadAfter(lastOwn)?.From, state.ClearedThrough > 0 ? state.ClearedThrough : null, state.Version,
        hidden is { Count: > 0 } ? hidden : null);

    /// <returns>Null when the user has never set anything.</returns>
    internal static ConversationSettings? Shown(string conversation, PersonalState state, long lastOwn, bool withHidden) =>
        state.Version == 0
            ? null
            : Of(conversation, state, lastOwn, withHidden ? state.Hidden.Within(1, long.MaxValue, MaxHidden) : null);
}
