using Vox.Benchmarks.Runner;

namespace Vox.Benchmarks.Scenarios;

/// <summary>More processes on one store, and more stores. Also, on paper, a million users against the published limits.</summary>
internal sealed class Scale : IScenario
{
    public string Name => "scale";

    public string What => "1, 2 and 4 app processes on one store, 2 on two stores; and a million users on paper; --pairs 20 --seconds 15";

    public string[] Short => ["--seconds", "5"];

    public async Task RunAsync(Options options, Report report)
    {
        report.Note(
            $"The machine has {Environment.ProcessorCount} cores for all processes, Azurite, emulator and clients together, and ",
            $"Azurite uses one core: more processes cannot be faster here. What is shown is that they share a store without more work ",
            $"per message (requests and CPU each).");
        var table = Send.ClosedTable(report);
        foreach (var (mode, processes, accounts) in new[]
        {
            ("1 process", 1, 1), ("2 processes", 2, 1), ("4 processes", 4, 1), ("2 processes, 2 storage accounts", 2, 2)
        })
        {
            await Send.MeasureAsync(options, report, table, mode, receipts: false, rest: false, processes, accounts);
        }

        MillionUsers.Report(report);
    }
}
