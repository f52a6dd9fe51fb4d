using System.Diagnostics;

namespace Vox.Tests.Docs;

/// <summary>The benchmarks start, and each is documented.</summary>
public sealed class BenchmarkTests
{
    private static readonly string[] Promised =
    [
        "send", "rest", "open-loop", "group", "contention", "history", "log", "search", "login", "presence", "reconnect", "overload",
        "scale", "soak", "ejabberd", "thumbnails",
        "coldstart", "costs", "restore",
    ];

    [Fact]
    public async Task Scenarios_ListedByTheProgram_AreThosePromisedAndDocumented()
    {
        var program = Path.Combine(
            AppContext.BaseDirectory.Replace("Vox.UnitTests", "Vox.Benchmarks", StringComparison.Ordinal), "Vox.Benchmarks.dll");
        Assert.True(File.Exists(program), $"{program} is not built.");
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [program]) { UseShellExecute = false, RedirectStandardError = true })!;
        var lines = (await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n');
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        // "  name   what it measures", after the line of usage.
        var names = lines.Skip(1).Where(line => line.StartsWith("  ", StringComparison.Ordinal))
            .Select(line => line.Trim().Split(' ')[0]).Where(name => name != "all").ToList();
        Assert.Equal(Promised.Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        var page = Repository.Read("docs/performance.md");
        Assert.All(names, name => Assert.Contains($"| `{name}` |", page, StringComparison.Ordinal));
        Assert.Equal(2, process.ExitCode);
    }
}
