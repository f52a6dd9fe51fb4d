using Vox.Benchmarks.Load;
using Vox.Benchmarks.Runner;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Scenarios;

/// <summary>The same load for a long time. Nothing may grow except the tables.</summary>
internal sealed class Soak : IScenario
{
    public string Name => "soak";

    public string What => "1:1 messages with receipts for long, memory and times by slices; --seconds 1800 --slices 10 --pairs 20";

    public string[] Short => ["--seconds", "30", "--slices", "3"];

    public async Task RunAsync(Options options, Report report)
    {
        var (time, slices, count) = (options.Seconds(1_800), options.Number("--slices", 10), options.Number("--pairs", 20));
        report.Note(
            $"{count} pairs in a closed loop with receipts, {time.TotalSeconds:0} s in {slices} slices. Azurite grows slower with its ",
            $"tables, which shows in messages/s.");
        var table = report.Table(
            "Slice", "Messages/s", "Send → received p50 ms", "p99", "App CPU ms/message", "Working set MB", "GC pauses ms/s");
        await using var stack = await VoxStack.StartAsync();
        var pairs = await Send.PairsAsync(await stack.CreateProjectAsync(), count, receipts: true);
        for (var slice = 1; slice <= slices; slice++)
        {
            var before = await stack.UsageAsync();
            var loop = await ClosedLoop.RunAsync(pairs, time / slices, 100);
            var used = (await stack.UsageAsync()).Since(before).App;
            report.Row(
                table, slice, loop.PerSecond, loop.Arrived.Percentile(50), loop.Arrived.Percentile(99),
                used.CpuSeconds * 1e3 / loop.Messages, used.Memory / 1e6,
                used.PauseSeconds * 1e3 / loop.Seconds);
        }

        await Task.WhenAll(pairs.Select(pair => pair.DisposeAsync().AsTask()));
    }
}
