using System.Globalization;

namespace Vox.Benchmarks.Runner;

/// <summary>The options after the scenario's name, such as <c>--seconds 30 --json</c>.</summary>
internal sealed class Options(string[] words)
{
    public IReadOnlyList<string> Words => words;

    public bool Has(string name) => words.Contains(name, StringComparer.Ordinal);

    public string Text(string name, string otherwise) => Value(name) ?? otherwise;

    public int Number(string name, int otherwise) =>
        Value(name) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>A list of numbers, such as <c>--sizes 1000,10000</c>.</summary>
    public int[] Numbers(string name, params int[] otherwise) =>
        Value(name) is { } value ? [.. value.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))] : otherwise;

    public TimeSpan Seconds(int otherwise) => TimeSpan.FromSeconds(Number("--seconds", otherwise));

    private string? Value(string name)
    {
        var at = Array.IndexOf(words, name);
        return at < 0 ? null : at + 1 < words.Length ? words[at + 1] : throw new InvalidOperationException($"{name} needs a value.");
    }
}
