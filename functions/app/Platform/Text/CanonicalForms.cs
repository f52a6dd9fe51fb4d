using System.Globalization;

namespace Vox.Platform.Text;

/// <summary>
/// Unicode's data for canonical composition, from the file <c>canonical-forms.txt</c> inside this assembly. The runtime's own data is not
/// there: the app runs without ICU (<c>InvariantGlobalization</c>), where <see cref="string.Normalize()"/> returns every text unchanged.
/// </summary>
internal sealed class CanonicalForms
{
    private static readonly Lazy<CanonicalForms> Loaded = new(Load);

    private readonly Dictionary<int, byte> classes = [];
    private readonly Dictionary<int, int[]> parts = [];
    private readonly Dictionary<(int First, int Second), int> composites = [];

    private CanonicalForms()
    {
    }

    /// <summary>Read when first needed: most texts need no data at all.</summary>
    public static CanonicalForms Instance => Loaded.Value;

    /// <summary>The combining class: 0 for a character that others are put on.</summary>
    public int ClassOf(int character) => classes.GetValueOrDefault(character);

    /// <summary>The characters that a character is made of; null if it is not made of others.</summary>
    public int[]? PartsOf(int character) => parts.GetValueOrDefault(character);

    /// <summary>The character that is made of these two; 0 if there is none.</summary>
    public int Composite(int first, int second) => composites.GetValueOrDefault((first, second));

    private static CanonicalForms Load()
    {
        var forms = new CanonicalForms();
        using var file = typeof(CanonicalForms).Assembly.GetManifestResourceStream("canonical-forms.txt")
            ?? throw new InvalidOperationException("The assembly has no canonical-forms.txt.");
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
        {
            forms.Add(line);
        }

        return forms;
    }

    private void Add(string line)
    {
        if (line.StartsWith('#'))
        {
            return;
        }

        var words = line.Split(' ');
        if (words[0].EndsWith(':'))
        {
            var value = byte.Parse(words[0].AsSpan(..^1), CultureInfo.InvariantCulture);
            foreach (var mark in words[1..])
            {
                classes[Character(mark)] = value;
            }

            return;
        }

        var composes = words[^1] != "!";
        int[] made = [.. (composes ? words[1..] : words[1..^1]).Select(Character)];
        parts[Character(words[0])] = made;
        if (composes)
        {
            composites[(made[0], made[1])] = Character(words[0]);
        }
    }

    private static int Character(string hex) => int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
