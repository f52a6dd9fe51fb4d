using System.Globalization;

namespace Vox.Chat.Moderation.Words;

/// <summary>
/// What word lists take characters for: without case, width and accents, and letters of one script that look like those of another as the
/// same. From the file <c>look-alikes.txt</c> inside this assembly, which <c>functions/build/look-alikes.mjs</c> makes.
/// </summary>
internal static class LookAlikes
{
    private static readonly Lazy<Dictionary<int, string>> Loaded = new(Load);

    /// <param name="character">A code point.</param>
    /// <returns>Null when it is only to be made small; empty when it does not count.</returns>
    public static string? Find(int character) => Loaded.Value.GetValueOrDefault(character)
        ?? (character is >= 0xE0000 and <= 0xE0FFF ? "" : null);

    private static Dictionary<int, string> Load()
    {
        var found = new Dictionary<int, string>(6_000);
        using var file = typeof(LookAlikes).Assembly.GetManifestResourceStream("look-alikes.txt")
            ?? throw new InvalidOperationException("The assembly has no look-alikes.txt.");
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var split = line.IndexOf(' ', StringComparison.Ordinal);
            var hex = split < 0 ? line : line[..split];
            found[int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)] = split < 0 ? "" : line[(split + 1)..];
        }

        return found;
    }
}
