using System.Text;
using System.Text.Json;
using Vox.Benchmarks.Scenarios;

namespace Vox.Benchmarks.Runner;

/// <summary>Finds the scenario with the given name, runs it and prints its report.</summary>
internal static class Run
{
    public static IReadOnlyList<IScenario> Scenarios { get; } =
    [
        new Send(),
        new SideBySide(),
        new Rest(),
        new OpenLoop(),
        new Group(),
        new Contention(),
        new History(),
        new Log(),
        new Search(),
        new LogIn(),
        new Flapping(),
        new Reconnect(),
        new Overload(),
        new Scale(),
        new Soak(),
        new Older(
            "costs",
            "counted operations and what they cost (docs/costs.md); --write puts the tables into the document",
            null,
            Costs.RunAsync),
        new Older(
            "coldstart", "first request after process start, as built and with ReadyToRun; --runs 7", ["--runs", "3"], ColdStart.RunAsync),
        new Older(
            "restore", "how long a restore from the backup takes, step by step; --rows 100000", null, Restore.RunAsync),
        new Older(
            "thumbnails",
            "12-megapixel pictures to thumbnail and preview, against vipsthumbnail; --runs 7",
            ["--runs", "3"],
            Thumbnails.RunAsync),
    ];

    public static async Task<int> MainAsync(string[] args)
    {
        if (args is ["all", .. var rest])
        {
            return await AllAsync(new Options(rest));
        }

        if (args is not [var name, .. var words] || Scenarios.FirstOrDefault(s => s.Name == name) is not { } scenario)
        {
            await Console.Error.WriteLineAsync(
                "Usage: dotnet run -c Release --project tests/Vox.Benchmarks -- SCENARIO [options] [--json]");
            foreach (var s in Scenarios)
            {
                await Console.Error.WriteLineAsync($"  {s.Name,-12} {s.What}");
            }

            await Console.Error.WriteLineAsync(
                $"  {"all",-12} every one of them in a short form; --write puts the tables into docs/performance.md, --only a,b runs some");
            return 2;
        }

        var options = new Options(words);
        var machine = Machine.Describe();
        var report = new Report(name);
        await scenario.RunAsync(options, report);
        Print(machine, [report], options.Has("--json"));
        return 0;
    }

    private static async Task<int> AllAsync(Options options)
    {
        var machine = Machine.Describe();
        var only = options.Text("--only", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var reports = new List<Report>();
        var failed = 0;
        foreach (var scenario in Scenarios.Where(
            s => s.Short is not null && (only.Length == 0 || only.Contains(s.Name, StringComparer.Ordinal))))
        {
            var report = new Report(scenario.Name);
            try
            {
                await scenario.RunAsync(new Options(scenario.Short!), report);
            }
            catch (Exception e)
            {
                // If one scenario fails, the figures of the others are kept.
                failed++;
                report.Note($"Broke off: {e.GetType().Name}, {e.Message}.");
            }

            reports.Add(report);
        }

        Print(machine, reports, options.Has("--json"));
        if (options.Has("--write"))
        {
            PerformancePage.Write(machine, reports);
        }

        return failed;
    }

    private static void Print(string machine, List<Report> reports, bool asJson)
    {
        if (!asJson)
        {
            Console.WriteLine(machine + "\n");
            reports.ForEach(report => Console.Write(report.Markdown()));
            return;
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("machine", machine);
            json.WriteStartArray("scenarios");
            reports.ForEach(report => report.WriteJson(json));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        Console.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
