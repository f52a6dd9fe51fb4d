using Vox.Benchmarks;

// Repeatable measurements. Each prints its conditions; none passes or fails by a time.
var scenarios = new Dictionary<string, (string What, Func<string[], Task> Run)>(StringComparer.Ordinal)
{
    ["costs"] = ("counted operations and what they cost (docs/costs.md); --write puts the tables into the document", Costs.RunAsync),
    ["coldstart"] = ("first request after process start, as built and with ReadyToRun; --runs N", ColdStart.RunAsync),
    ["thumbnails"] = ("12-megapixel pictures to thumbnail and preview, against vipsthumbnail; --runs N", Thumbnails.RunAsync),
};

if (args is not [var name, ..] || !scenarios.TryGetValue(name, out var scenario))
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/Vox.Benchmarks -- SCENARIO [options]");
    foreach (var (key, (what, _)) in scenarios)
    {
        Console.Error.WriteLine($"  {key,-12} {what}");
    }

    return 2;
}

await scenario.Run(args[1..]);
return 0;
