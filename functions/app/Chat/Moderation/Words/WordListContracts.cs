using System.ComponentModel;

namespace Vox.Chat.Moderation.Words;

/// <summary>The word lists of a project: <c>PUT /api/server/v1/moderation/words</c>, and what it stores.</summary>
internal sealed record WordListRequest(
    [property: Description("A message with one of these is refused: 403 blocked_words.")]
    IReadOnlyList<string>? Block = null,
    [property: Description("Asterisks take the place of these.")]
    IReadOnlyList<string>? Mask = null,
    [property: Description("A message with one of these is stored, and stands in the moderators' queue.")]
    IReadOnlyList<string>? Flag = null,
    [property: Description("Whether messages and edits by the server API are looked at too. Default false.")]
    bool? Server = null)
{
    /// <summary>The hardest first.</summary>
    internal IEnumerable<(string Field, WordAction Action, IReadOnlyList<string> Texts)> Lists() =>
        [("block", WordAction.Block, Block ?? []), ("mask", WordAction.Mask, Mask ?? []), ("flag", WordAction.Flag, Flag ?? [])];
}

internal sealed record WordListView(
    [property: Description("A whole word or phrase, at most 64 characters; with an asterisk before and after it, also within words.")]
    IReadOnlyList<string> Block,
    [property: Description("As block.")]
    IReadOnlyList<string> Mask,
    [property: Description("As block.")]
    IReadOnlyList<string> Flag,
    [property: Description("Whether messages and edits by the server API are looked at too.")]
    bool Server,
    [property: Description("When they were changed last. Absent: there are none yet.")]
    DateTimeOffset? ChangedAt,
    [property: Description("The name of the API key, or the e-mail address of the developer, that changed them last.")]
    string? ChangedBy);

internal sealed record WordTryRequest(
    [property: Description("A text, as a user would send it; at most 10,000 characters.")]
    string? Text,
    [property: Description("Whether it is HTML. Default false.")]
    bool Html = false,
    [property: Description("Lists that are not stored yet. Absent: those of the project.")]
    WordListRequest? Lists = null);

internal sealed record WordTryView(
    [property: Description("block, mask or flag. Absent: nothing was found.")]
    string? Action,
    [property: Description("The text as it would be stored. Empty when it would be refused.")]
    string Text,
    [property: Description("The entries that stand in it.")]
    IReadOnlyList<string> Found);
