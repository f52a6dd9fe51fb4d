using System.Text.Json;
using Vox.Benchmarks.Load;
using Vox.Benchmarks.Runner;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Scenarios;

/// <summary>The path that matters most: from one user's send to the other's live channel.</summary>
internal sealed class Send : IScenario
{
    public string Name => "send";

    public string What
        => "1:1 messages, closed loop, with and without receipts; --pairs 20 --seconds 15 --bytes 100; --allocations: of which types";

    public string[] Short => ["--seconds", "8"];

    public async Task RunAsync(Options options, Report report)
    {
        report.Note($"Client API over HTTP, live channel over WebSocket.");
        var table = ClosedTable(report);
        await MeasureAsync(options, report, table, "plain", receipts: false, rest: false);
        await MeasureAsync(options, report, table, "with delivery receipt", receipts: true, rest: false);
    }

    public static Table ClosedTable(Report report) => report.Table(
        "Mode", "Messages/s", "Send → received p50 ms", "p95", "p99", "Send → answered p50", "Send → receipt p50", "App CPU ms/message",
        "Allocated KB/message",
        "Storage requests/message", "SignalR sends/message", "Azurite CPU ms/message", "Emulator CPU ms/message");

    /// <summary>Runs a closed loop on a stack of its own and writes one row.</summary>
    public static async Task MeasureAsync(
        Options options, Report report, Table table, string mode, bool receipts, bool rest, int processes = 1, int accounts = 1)
    {
        var (count, bytes, time) = (options.Number("--pairs", 20), options.Number("--bytes", 100), options.Seconds(15));
        if (table.Rows.Count == 0)
        {
            report.Note(
                $"{count} pairs, each with one message of {bytes} bytes in flight; log on; {time.TotalSeconds:0} s each after as long ",
                $"to warm up. CPU of the app's processes alone, by the operating system's count.");
        }

        var types = options.Has(AllocationTypes.Argument);
        await using var stack = await VoxStack.StartAsync(types ? [AllocationTypes.Argument] : [], processes, accounts);
        var pairs = new List<Pair>();
        for (var i = 0; i < accounts; i++)
        {
            // Several accounts are only useful for several projects.
            pairs.AddRange(await PairsAsync(await stack.CreateProjectAsync($"Benchmark{i}"), count / accounts, receipts, rest));
        }

        await ClosedLoop.RunAsync(pairs, time, bytes);
        await stack.SettleAsync();
        if (types)
        {
            await stack.App.AskAsync("allocations");
        }

        var before = await stack.UsageAsync();
        var loop = await ClosedLoop.RunAsync(pairs, time, bytes);
        await stack.SettleAsync();
        var used = (await stack.UsageAsync()).Since(before);
        double n = loop.Messages;
        report.Row(
            table, mode, loop.PerSecond, loop.Arrived.Percentile(50), loop.Arrived.Percentile(95), loop.Arrived.Percentile(99),
            loop.Answered.Percentile(50), loop.Known.Percentile(50), used.App.CpuSeconds * 1e3 / n, used.App.Allocated / 1e3 / n,
            used.App.Requests / n, used.App.Sends / n,
            used.AzuriteCpuSeconds * 1e3 / n, used.Emulator.CpuSeconds * 1e3 / n);
        if (types)
        {
            var byType = report.Table("Type", "KB/message");
            foreach (var (type, amount) in (await stack.App.AskAsync("allocations")).Deserialize<Dictionary<string, long>>()!
                .OrderByDescending(t => t.Value).Take(25))
            {
                report.Row(byType, $"`{type}`", amount / 1e3 / n);
            }
        }

        await Task.WhenAll(pairs.Select(pair => pair.DisposeAsync().AsTask()));
    }

    /// <summary>Connected pairs of new users.</summary>
    public static async Task<List<Pair>> PairsAsync(BenchProject project, int count, bool receipts, bool rest = false)
    {
        var senders = await project.CreatePeopleAsync("a", count);
        var receivers = await project.CreatePeopleAsync("b", count);
        var pairs = senders.Zip(receivers, (from, to) => new Pair(from, to, receipts, rest)).ToList();
        await Task.WhenAll(pairs.Select(pair => pair.ConnectAsync()));
        return pairs;
    }
}
