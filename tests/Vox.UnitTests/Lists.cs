namespace Vox.Tests;

/// <summary>Assertions whose failures name everything that is wrong, in full.</summary>
internal static class Lists
{
    public static void AssertNone(string what, IEnumerable<string> items)
    {
        var all = items.Order(StringComparer.Ordinal).ToList();
        Assert.True(all.Count == 0, $"{what}:\n  {string.Join("\n  ", all)}");
    }
}
