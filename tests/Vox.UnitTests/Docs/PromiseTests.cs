using System.Text.RegularExpressions;
using Vox.DevHost.DevTools;

namespace Vox.Tests.Docs;

/// <summary>
/// docs/reliability.md lists the promises. Tests say with <c>[Promise("VOX-M1")]</c> which promises they show. The list "Which tests show
/// it" is written from the tests. When they have changed, run this test with <c>VOX_ACCEPT=1</c>.
/// </summary>
public sealed partial class PromiseTests
{
    private static readonly string Tests = Path.Combine(LocalPaths.Repository, "tests");

    [Fact]
    public void Promises_OfTheReliabilityDocument_AreShownByTheTestsThatCarryTheirIds()
    {
        var path = Path.Combine(LocalPaths.Repository, "docs", "reliability.md");
        var tests = Repository.Files(Tests, "*.cs").SelectMany(FindTests).ToLookup(
            test => test.Promise, test => test.Name, StringComparer.Ordinal);
        var accepted = Read(path);
        var promises = Row().Matches(accepted).Select(row => row.Groups["id"].Value).ToList();
        var lines = string.Concat(promises.Select(id => $"- **{id}**: {ShownBy(tests[id])}\n"));
        var written = List().Replace(accepted, lines, 1);
        if (Environment.GetEnvironmentVariable("VOX_ACCEPT") == "1")
        {
            File.WriteAllText(path, written);
            accepted = written;
        }

        Assert.NotEmpty(promises);
        Lists.AssertNone("More than one promise has the id", promises.CountBy(id => id).Where(id => id.Value > 1).Select(id => id.Key));
        Lists.AssertNone(
            "Tests carry an id that is not in docs/reliability.md",
            tests.Select(test => test.Key).Except(promises, StringComparer.Ordinal));
        Lists.AssertNone("No test shows the promise", promises.Where(id => !tests.Contains(id)));
        Lists.AssertNone("Promises without an id", RowsWithoutId(accepted));
        Lists.AssertNone(
            "The tests say otherwise; VOX_ACCEPT=1 writes", written.Split('\n').Except(accepted.Split('\n'), StringComparer.Ordinal));
    }

    /// <summary>An attribute that this test class does not find would not appear in the page.</summary>
    [Fact]
    public void Attributes_InTheSources_StandOnTests() => Lists.AssertNone(
        "A promise is not on a test",
        Repository.Files(Tests, "*.cs").Where(file => Attribute().Count(Read(file)) != Test().Count(Read(file))));

    private static IEnumerable<(string Promise, string Name)> FindTests(string file)
    {
        var source = Read(file);
        return
            from test in Test().Matches(source)
            let name = $"{Class().Matches(source).Last(type => type.Index < test.Index).Groups["class"].Value}.{test.Groups["test"].Value}"
            from id in Id().Matches(test.Groups["ids"].Value)
            select (id.Groups["id"].Value, name);
    }

    private static string Read(string file) => File.ReadAllText(file).ReplaceLineEndings("\n");

    private static string ShownBy(IEnumerable<string> tests)
        => string.Join(", ", tests.Order(StringComparer.Ordinal).Select(test => $"`{test}`"));

    /// <summary>Rows without an id, in the tables that begin with a column "Id".</summary>
    private static IEnumerable<string> RowsWithoutId(string page) =>
        from table in Table().Matches(page)
        from row in table.Groups["rows"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        where !Row().IsMatch(row)
        select row;

    // | VOX-M1 | … |
    [GeneratedRegex(@"^\| (?<id>VOX-[A-Z]\d+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| Id \|.*\n\|[-|]+\|\n(?<rows>(\|.*\n)*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Table();

    // - **VOX-M1**: tests
    [GeneratedRegex(@"(^- \*\*VOX-.*\n)+", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex List();

    [GeneratedRegex(@"^ +\[Promise\(", RegexOptions.Multiline)]
    private static partial Regex Attribute();

    // The attribute, possibly other attributes, and the method.
    [GeneratedRegex(
        @"^ +\[Promise\((?<ids>.*)\)\]\n( +\[.*\]\n)* +public (async )?(Task|void) (?<test>\w+)\(",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Test();

    // The class of the file, not a nested class.
    [GeneratedRegex(@"^public [a-z ]*class (?<class>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Class();

    [GeneratedRegex(@"""(?<id>[^""]*)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Id();
}
