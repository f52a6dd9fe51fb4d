using System.Text;

namespace Vox.Benchmarks.Runner;

/// <summary>The generated part of docs/performance.md: one section for each scenario, between two comments.</summary>
internal static class PerformancePage
{
    private const string Begin = "<!-- figures: begin -->\n";
    private const string End = "<!-- figures: end -->";

    public static void Write(string machine, IReadOnlyList<Report> reports)
    {
        var path = Path.Combine(Costs.RepositoryFolder(), "docs/performance.md");
        var text = File.ReadAllText(path);
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = text.IndexOf(End, StringComparison.Ordinal);
        var figures = new StringBuilder($"\n{machine}.\n\n");
        figures.Append("| Scenario | Figures | Highest load |\n|---|---|---|\n");
        foreach (var report in reports)
        {
            figures.Append(report.Summary());
        }

        figures.Append('\n');
        foreach (var report in reports)
        {
            figures.Append(report.Markdown());
        }

        File.WriteAllText(path, $"{text[..from]}{figures}{text[to..]}");
    }
}
