using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Moderation.Words;

/// <summary>What happens to a message with a word of a list.</summary>
public enum WordAction
{
    /// <summary>It is stored, and moderators are told.</summary>
    Flag,

    /// <summary>It is stored with asterisks in place of the word.</summary>
    Mask,

    /// <summary>It is not stored.</summary>
    Block,
}

/// <summary>A word or phrase of a list.</summary>
/// <param name="Text">As it was entered.</param>
/// <param name="Folded">As it is looked for.</param>
/// <param name="IsWhole">It counts only as a whole word, not within others.</param>
/// <param name="HasLetters">Then digits alone are not it.</param>
public sealed record WordEntry(string Text, WordAction Action, string Folded, bool IsWhole, bool HasLetters);

/// <summary>What the lists say of a text.</summary>
/// <param name="Action">The hardest one; null when nothing was found.</param>
/// <param name="Text">With asterisks in place of what is to be masked.</param>
/// <param name="Found">Entries that stand in it, each once.</param>
public sealed record WordVerdict(WordAction? Action, string Text, IReadOnlyList<WordEntry> Found);

/// <summary>The word lists of a project, ready to be used: made once for each version, and never changed.</summary>
public sealed class WordLists
{
    public const int MaxEntries = 10_000;

    /// <summary>Of an entry, in UTF-16 characters, with its asterisks.</summary>
    public const int MaxLength = 64;

    private readonly WordMatcher matcher;

    private WordLists(IReadOnlyList<WordEntry> entries, bool ofServer)
    {
        matcher = new WordMatcher(entries);
        OfServer = ofServer;
    }

    /// <summary>Whether they count for what the customer's server sends, too.</summary>
    public bool OfServer { get; }

    /// <exception cref="VoxException">too_long, invalid_field, limit_reached</exception>
    internal static WordLists Of(WordListRequest request)
    {
        var entries = new List<WordEntry>();
        foreach (var (field, action, texts) in request.Lists())
        {
            for (var i = 0; i < texts.Count; i++)
            {
                entries.Add(Entry(texts[i], action, $"{field}[{i}]"));
            }
        }

        return entries.Count <= MaxEntries
            ? new WordLists(Different(entries), request.Server ?? false)
            : throw new VoxException(
                Errors.LimitReached, $"The lists have {entries.Count:N0} entries; together they may have {MaxEntries:N0}.", "block");
    }

    /// <summary>
    /// Entries that are looked for in the same way count once, with the hardest action: each would be found at each place.
    /// </summary>
    private static List<WordEntry> Different(List<WordEntry> entries) =>
    [
        .. entries.GroupBy(entry => (entry.Folded, entry.IsWhole, entry.HasLetters)).Select(same => same.MaxBy(entry => entry.Action)!),
    ];

    /// <param name="isHtml">Tags do not count. Null: nobody knows, so it is looked at both ways.</param>
    public WordVerdict Check(string text, bool? isHtml)
    {
        if (isHtml is { } known)
        {
            return CheckAs(text, known);
        }

        var plain = CheckAs(text, isHtml: false);
        var html = CheckAs(plain.Text, isHtml: true);
        return new WordVerdict(
            plain.Action > html.Action || html.Action is null ? plain.Action : html.Action, html.Text, [.. plain.Found.Union(html.Found)]);
    }

    private WordVerdict CheckAs(string text, bool isHtml)
    {
        var folded = FoldedText.Of(text, isHtml);
        var found = new HashSet<WordEntry>();
        Mask? mask = null;
        WordAction? action = null;
        foreach (var match in matcher.Find(folded))
        {
            found.Add(match.Entry);
            action = action > match.Entry.Action ? action : match.Entry.Action;
            if (match.Entry.Action == WordAction.Mask)
            {
                (mask ??= new Mask(text, folded)).Add(match);
            }
        }

        return new WordVerdict(action, mask?.Apply() ?? text, [.. found]);
    }

    private static WordEntry Entry(string? given, WordAction action, string field)
    {
        var text = given?.Trim() ?? "";
        if (text.Length > MaxLength)
        {
            throw new VoxException(
                Errors.TooLong, $"The entry {field} has {text.Length} characters; at most {MaxLength} are allowed.", field);
        }

        var isPart = text is ['*', .., '*'] && text.Length > 2;
        var folded = FoldedText.Of(isPart ? text[1..^1] : text);
        var value = folded.ToString().Trim();
        return (value.Length > 1 && folded.Characters.Any(character => character.IsWord || character.IsLetter))
            || (value.Length == 1 && value[0] >= 0x2E80)
            ? new WordEntry(text, action, value, !isPart, folded.Characters.Any(character => character.IsLetter))
            : throw new VoxException(
                Errors.InvalidField,
                $"The entry {field} needs at least two letters or digits that can be seen; one is enough in Chinese and Japanese.",
                field);
    }
}
