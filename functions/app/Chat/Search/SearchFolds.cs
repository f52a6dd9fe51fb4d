using System.Globalization;

namespace Vox.Chat.Search;

/// <summary>
/// How search writes characters, from the file <c>search-folds.txt</c> inside this assembly: without case, accents and width. The runtime's
/// own data is not there, because the app runs without ICU (<c>InvariantGlobalization</c>).
/// </summary>
internal sealed class SearchFolds
{
    private static readonly Lazy<SearchFolds> Loaded = new(Load);

    private readonly Dictionary<int, string> folds = new(8_192);

    private SearchFolds()
    {
    }

    /// <summary>Read when first needed: plain ASCII needs no table.</summary>
    public static SearchFolds Instance => Loaded.Value;

    /// <summary>What stands for the character; empty for one that does not count; null for one that stays.</summary>
    public string? Find(int character) => folds.GetValueOrDefault(character);

    private static SearchFolds Load()
    {
        var table = new SearchFolds();
        using var file = typeof(SearchFolds).Assembly.GetManifestResourceStream("search-folds.txt")
            ?? throw new InvalidOperationException("The assembly has no search-folds.txt.");
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                var end = line.IndexOf(' ', StringComparison.Ordinal);
                var code = end < 0 ? line.AsSpan() : line.AsSpan(0, end);
                var character = int.Parse(code, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                table.folds[character] = end < 0 ? "" : line[(end + 1)..];
            }
        }

        return table;
    }
}
