using System.Globalization;
using Vox.Platform.Storage;

namespace Vox.Platform.Limits;

/// <summary>What all processes together have counted of one kind of attempt, for one name.</summary>
/// <param name="Since">When the count began, or the last attempt: it depends on the limit.</param>
/// <param name="Until">No attempt is allowed before this time.</param>
/// <param name="Parts">Counts of parts of the whole, by a short digest; empty for most kinds.</param>
public sealed record SharedCount(
    int Count, DateTimeOffset Since, DateTimeOffset Until, IReadOnlyDictionary<string, int> Parts, RowVersion Version)
{
    private static readonly Dictionary<string, int> NoParts = [];

    public SharedCount(int count, DateTimeOffset since, DateTimeOffset until)
        : this(count, since, until, NoParts, default)
    {
    }

    public int Of(string part) => Parts.GetValueOrDefault(part);

    /// <summary>One more, of the whole and of some parts.</summary>
    public SharedCount With(params ReadOnlySpan<string> parts)
    {
        var counts = new Dictionary<string, int>(Parts, StringComparer.Ordinal);
        foreach (var part in parts)
        {
            counts[part] = Of(part) + 1;
        }

        return this with { Count = Count + 1, Parts = counts };
    }

    internal string PartsText() =>
        string.Join(' ', Parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Key}={part.Value}")));

    internal static IReadOnlyDictionary<string, int> PartsOf(string? text) => text is not { Length: > 0 }
        ? NoParts
        : text.Split(' ').Select(part => part.Split('=')).ToDictionary(
            part => part[0], part => int.Parse(part[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
}
