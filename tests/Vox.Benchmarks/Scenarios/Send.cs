using System.Text.Json;
using Vox.Benchmarks.Load;
using Vox.Benchmarks.Runner;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Scenarios;

/// <summary>The path that matters most: from one user's send to the other's live channel.</summary>
internal sealed class Send : IScenario
{
    public string Name => "send";

    public string What => "1:1 messages, closed loop, with and without receipts; --pairs 20 --seconds 15 --bytes 100; --allocations: of which types";

    public string[] Short => ["--seconds", "8"];

    public async Task RunAsync(Options options, Report report)
    {
        var (count, bytes, time) = (options.Number("--pairs", 20), options.Number("--bytes", 100), options.Seconds(15));
        report.Note($"{count} pairs, each with one message of {bytes} bytes in flight; client API over HTTP, live channel over WebSocket; one project, log on; {time.TotalSeconds:0} s each after {time.TotalSeconds:0} s of warming up. CPU of the app process alone, by the operating system's count.");
        var table = report.Table(
            "Mode", "Messages/s", "Send → received p50 ms", "p95", "p99", "Send → answered p50", "Send → receipt p50", "App CPU ms/message", "Allocated KB/message",
            "Storage requests/message", "SignalR sends/message", "Azurite CPU ms/message", "Emulator CPU ms/message");
        foreach (var receipts in new[] { false, true })
        {
            await using var stack = await VoxStack.StartAsync(options.Has(AllocationTypes.Argument) ? [AllocationTypes.Argument] : []);
            var project = await stack.CreateProjectAsync();
            var pairs = await PairsAsync(project, count, receipts);
            await ClosedLoop.RunAsync(pairs, time, bytes);
            await stack.SettleAsync(project.Id);
            if (options.Has(AllocationTypes.Argument))
            {
                await stack.App.AskAsync("allocations");
            }

            var before = await stack.UsageAsync();
            var loop = await ClosedLoop.RunAsync(pairs, time, bytes);
            await stack.SettleAsync(project.Id);
            var used = (await stack.UsageAsync()).Since(before);
            double n = loop.Messages;
            report.Row(
                table, receipts ? "with delivery receipt" : "plain", loop.PerSecond, loop.Arrived.Percentile(50), loop.Arrived.Percentile(95), loop.Arrived.Percentile(99),
                loop.Answered.Percentile(50), loop.Known.Percentile(50), used.App.CpuSeconds * 1e3 / n, used.App.Allocated / 1e3 / n, used.App.Requests / n, used.App.Sends / n,
                used.AzuriteCpuSeconds * 1e3 / n, used.Emulator.CpuSeconds * 1e3 / n);
            if (options.Has(AllocationTypes.Argument))
            {
                var types = report.Table("Type", "KB/message");
                foreach (var (type, amount) in (await stack.App.AskAsync("allocations")).Deserialize<Dictionary<string, long>>()!.OrderByDescending(t => t.Value).Take(25))
                {
                    report.Row(types, $"`{type}`", amount / 1e3 / n);
                }
            }

            await Task.WhenAll(pairs.Select(pair => pair.DisposeAsync().AsTask()));
        }
    }

    /// <summary>Connected pairs of new users.</summary>
    public static async Task<List<Pair>> PairsAsync(BenchProject project, int count, bool receipts)
    {
        var senders = await project.CreatePeopleAsync("a", count);
        var receivers = await project.CreatePeopleAsync("b", count);
        var pairs = senders.Zip(receivers, (from, to) => new Pair(from, to, receipts)).ToList();
        await Task.WhenAll(pairs.Select(pair => pair.ConnectAsync()));
        return pairs;
    }
}
