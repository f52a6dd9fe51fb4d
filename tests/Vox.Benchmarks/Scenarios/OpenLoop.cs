using System.Diagnostics;
using Vox.Benchmarks.Load;
using Vox.Benchmarks.Runner;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Scenarios;

/// <summary>Messages come at a fixed rate, whether the earlier ones have arrived or not. Users behave like this.</summary>
internal sealed class OpenLoop : IScenario
{
    public string Name => "open-loop";

    public string What => "1:1 messages at fixed rates; --rates 50,200,500 --pairs 50 --seconds 15";

    public string[] Short => ["--seconds", "5"];

    public async Task RunAsync(Options options, Report report)
    {
        var (count, time) = (options.Number("--pairs", 50), options.Seconds(15));
        report.Note(
            $"{count} pairs take turns, 100 bytes, {time.TotalSeconds:0} s per rate after a closed loop of 5 s. A latency counts from ",
            $"when the message was due, so that a delay of the sender's own is not hidden.");
        var table = report.Table("Due/s", "Arrived/s", "Due → received p50 ms", "p95", "p99", "App CPU ms/message");
        await using var stack = await VoxStack.StartAsync();
        var pairs = await Send.PairsAsync(await stack.CreateProjectAsync(), count, receipts: false);
        await ClosedLoop.RunAsync(pairs, TimeSpan.FromSeconds(5), 100);
        foreach (var rate in options.Numbers("--rates", 50, 200, 500))
        {
            await stack.SettleAsync();
            var before = await stack.UsageAsync();
            var arrived = new Latencies();
            var (ignored, clock) = (new Latencies(), Stopwatch.StartNew());
            var sends = new List<Task>();
            for (var i = 0; i < rate * time.TotalSeconds; i++)
            {
                var due = TimeSpan.FromSeconds((double)i / rate);
                while (due - clock.Elapsed is { Ticks: > 0 } wait)
                {
                    await Task.Delay(wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait);
                }

                sends.Add(SendAsync(pairs[i % count], due, clock, arrived, ignored));
            }

            await Task.WhenAll(sends);
            var seconds = clock.Elapsed.TotalSeconds;
            await stack.SettleAsync();
            var used = (await stack.UsageAsync()).Since(before);
            report.Row(
                table, rate, arrived.Count / seconds, arrived.Percentile(50), arrived.Percentile(95), arrived.Percentile(99),
                used.App.CpuSeconds * 1e3 / arrived.Count);
        }

        await Task.WhenAll(pairs.Select(pair => pair.DisposeAsync().AsTask()));
    }

    private static async Task SendAsync(Pair pair, TimeSpan due, Stopwatch clock, Latencies arrived, Latencies ignored)
    {
        await pair.SendAsync(new string('x', 100), ignored, ignored, ignored);
        arrived.Add(clock.Elapsed - due);
    }
}
