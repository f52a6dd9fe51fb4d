using Vox.Benchmarks.Runner;

namespace Vox.Benchmarks.Scenarios;

/// <summary>More processes on one store, and more stores. Also, on paper, up to ten million users against the published limits.</summary>
internal sealed class Scale : IScenario
{
    public string Name => "scale";

    public string What => "1, 2, 4 processes on one store, 2 on two stores; up to ten million users on paper; --pairs 20 --seconds 15";

    public string[] Short => ["--seconds", "5"];

    public async Task RunAsync(Options options, Report report)
    {
        report.Note(
            $"The machine has {Environment.ProcessorCount} cores for all processes, Azurite, emulator and clients together, and ",
            $"Azurite uses one core: more processes cannot be faster here, and take more CPU per message because smaller batches come ",
            $"together in each. What carries over are the requests per message.");
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
