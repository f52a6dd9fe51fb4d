using System.Text.Json;
using System.Text.RegularExpressions;
using Vox.DevHost.DevTools;

namespace Vox.Tests.Docs;

/// <summary>docs/privacy.md says of every table, queue and container what is in it and for how long.</summary>
public sealed partial class PrivacyTests
{
    private static readonly JsonElement Manifest = JsonSerializer.Deserialize<JsonElement>(Repository.Read("infra-bicep", "app.json"));

    [Fact]
    public void Tables_OfTheStorage_AreAllInThePageOnce() => Same(
        Manifest.GetProperty("tables").EnumerateArray().Select(table => table.GetString()!), NamesUnder("Table"));

    /// <summary>The container of the backups is in an account of its own.</summary>
    [Fact]
    public void Containers_OfTheStorage_AreAllInThePageOnce() => Same(
        Manifest.GetProperty("containers").EnumerateArray().Select(container => "{prefix}-" + container.GetProperty("name").GetString())
            .Append("{prefix}-backups"),
        NamesUnder("Container"));

    [Fact]
    public void Queues_OfTheApp_AreAllInThePageOnce()
    {
        var sources = string.Concat(
            Directory.EnumerateFiles(Path.Combine(LocalPaths.Repository, "functions", "app"), "*.cs", SearchOption.AllDirectories)
                .Select(File.ReadAllText));
        var queues = DefaultQueue().Matches(sources).Select(queue => "{prefix}-" + queue.Groups[1].Value).ToList();

        Assert.Equal(QueueTrigger().Count(sources), queues.Count);
        Same(queues, NamesUnder("Queue"));
    }

    private static void Same(IEnumerable<string> stored, List<string> named)
    {
        var expected = stored.Distinct(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(expected);
        Lists.AssertNone("Missing in docs/privacy.md", expected.Except(named));
        Lists.AssertNone("In docs/privacy.md, but not stored any more", named.Except(expected));
        Lists.AssertNone(
            "More than once in docs/privacy.md",
            named.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    /// <summary>The names in the first column of the table with this heading.</summary>
    private static List<string> NamesUnder(string heading) =>
    [
        .. Repository.Read("docs", "privacy.md").Split('\n')
            .SkipWhile(line => !line.StartsWith($"| {heading} |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .SelectMany(line => Name().Matches(line.Split('|')[1])).Select(name => name.Groups[1].Value),
    ];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();

    [GeneratedRegex("""DefaultQueue = "vox-([a-z-]+)";""")]
    private static partial Regex DefaultQueue();

    [GeneratedRegex("""\[QueueTrigger\(""")]
    private static partial Regex QueueTrigger();
}
