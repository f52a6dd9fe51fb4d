using System.Buffers;
using System.Globalization;
using System.Text;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Chat.Model;

/// <summary>
/// The name by which clients know a file: 15 random letters and digits, <c>_</c>, and the original name as far as it is harmless in an
/// address, on a screen and on a disk. The random part (89 bits) keeps strangers out. The client may choose the key, as in the original
/// SDK, because that SDK's sendFile returns the key before anything is sent.
/// </summary>
internal static class FileKey
{
    public const int RandomLength = 15;
    public const int MaxNameLength = 100;
    public const int MaxOriginalLength = 1_024;
    public const int MaxReference = 512;
    public const string ThumbnailPrefix = "thumb_";
    public const string PreviewPrefix = "preview_";

    private const int MaxExtension = 12;
    private static readonly SearchValues<char> AllLetters = SearchValues.Create(RandomIds.Alphabet);

    /// <summary>What leads out of the prefix that a key is appended to, or out of an attribute of a page.</summary>
    private static readonly SearchValues<char> Leading = SearchValues.Create("/\\:%?#<>\"'`\uFFFD");

    /// <summary>The key of the file itself: <c>thumb_…</c> and <c>preview_…</c> name other pictures of it.</summary>
    public static string FileOf(string key) =>
        key.StartsWith(ThumbnailPrefix, StringComparison.Ordinal) ? key[ThumbnailPrefix.Length..]
        : key.StartsWith(PreviewPrefix, StringComparison.Ordinal) ? key[PreviewPrefix.Length..]
        : key;

    public static string Create(string name) => $"{RandomIds.Create(RandomLength)}_{Sanitise(name)}";

    /// <summary>Whether the key has the form that <see cref="Create"/> makes.</summary>
    public static bool IsValid(string key) =>
        key.Length > RandomLength + 1 && key.Length <= RandomLength + 1 + MaxNameLength && key[RandomLength] == '_'
        && !key.AsSpan(0, RandomLength).ContainsAnyExcept(AllLetters)
        && Sanitise(key[(RandomLength + 1)..]) == key[(RandomLength + 1)..];

    /// <summary>The original name, as far as the key has kept it.</summary>
    public static string NameOf(string key) => key[(RandomLength + 1)..];

    /// <summary>
    /// Keeps letters, marks and digits of any script, blanks, and <c>. - _</c>. Everything else becomes <c>_</c>: path separators, control
    /// characters, and those that reverse the writing direction to show <c>gpj.exe</c> as <c>exe.jpg</c>. Removes dots and blanks at both
    /// ends. Cuts to 100 characters, but keeps the extension.
    /// </summary>
    public static string Sanitise(string name)
    {
        var text = new StringBuilder(Math.Min(name.Length, MaxOriginalLength));
        foreach (var rune in name.EnumerateRunes())
        {
            text.Append(IsHarmless(rune) ? rune.ToString() : "_");
        }

        var clean = text.ToString().TrimStart(' ', '.');
        if (clean.Length > MaxNameLength)
        {
            var dot = clean.LastIndexOf('.');
            var extension = dot > 0 && clean.Length - dot <= MaxExtension ? clean[dot..] : "";
            clean = Cut(clean, MaxNameLength - extension.Length) + extension;
        }

        // Windows drops dots and blanks at the end of names.
        clean = clean.TrimEnd(' ', '.');
        return clean.Length > 0 ? clean : "file";
    }

    /// <exception cref="VoxException">too_long, missing_field, invalid_field</exception>
    public static string Choose(string? name, string? proposed)
    {
        if (name is { Length: > MaxOriginalLength })
        {
            throw new VoxException(Errors.TooLong, $"name may have at most {MaxOriginalLength:N0} characters.", "name");
        }

        if (proposed is not { Length: > 0 })
        {
            return name is { Length: > 0 }
                ? Create(name)
                : throw new VoxException(Errors.MissingField, "name is missing or empty.", "name");
        }

        return IsValid(proposed) ? proposed : throw new VoxException(
            Errors.InvalidField,
            $"key must be {RandomLength} random letters and digits, an underscore, and a name of at most {MaxNameLength} "
            + "letters, digits, blanks and . - _ only, without a dot or blank at its ends.", "key");
    }

    /// <summary>
    /// Whether a text can only name a file of the project, wherever an app appends it to the prefix. It need not have the form of our own
    /// keys, because apps keep keys of the original platform. An address or a path cannot pass.
    /// </summary>
    public static bool IsReference(string text) =>
        text.Length <= MaxReference && text[0] != '.' && !text.AsSpan().ContainsAny(Leading)
        && text.EnumerateRunes().All(rune => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.Surrogate));

    /// <summary>
    /// Accepts only a key, because the text ends up in other people's pages. If their browsers loaded it from elsewhere, the sender would
    /// learn their addresses.
    /// </summary>
    /// <returns>The key; empty when there is none.</returns>
    /// <exception cref="VoxException">too_long, invalid_field</exception>
    public static string CheckReference(string? text, string field) => text switch
    {
        null or "" => "",
        { Length: > MaxReference } => throw new VoxException(
            Errors.TooLong, $"{field} may have at most {MaxReference} characters.", field),
        _ when IsReference(text) => text,
        _ => throw new VoxException(
            Errors.InvalidField, $"{field} must be the key of a file, without a path or an address: upload the file and use its key.",
            field),
    };

    /// <summary>For rows that were written before keys were checked.</summary>
    public static string ReferenceOrEmpty(string? stored) => stored is { Length: > 0 } && IsReference(stored) ? stored : "";

    private static bool IsHarmless(Rune rune) => rune.Value is '.' or '-' or '_' or ' ' || Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => true,

        // A browser may know newer letters than this server.
        UnicodeCategory.OtherNotAssigned => (rune.Value & 0xFFFE) != 0xFFFE && rune.Value is < 0xFDD0 or > 0xFDEF,
        _ => false,
    };

    private static string Cut(string text, int length)
    {
        length = Math.Min(length, text.Length);
        return text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }
}
