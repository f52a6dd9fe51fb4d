using System.Diagnostics;
using System.Text.Json;
using Vox.Benchmarks.Load;
using Vox.Benchmarks.Runner;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Scenarios;

/// <summary>One group that several processes write to at once: whether each of them gets its turn.</summary>
internal sealed class Contention : IScenario
{
    public string Name => "contention";

    public string What =>
        "one group through 1, 2 and 4 processes, at a fixed rate and as fast as it goes; --rate 300 --senders 32 --seconds 10";

    public string[] Short => ["--seconds", "4"];

    public async Task RunAsync(Options options, Report report)
    {
        var (rate, senders, time) = (options.Number("--rate", 300), options.Number("--senders", 32), options.Seconds(10));
        report.Note(
            $"Every storage request is held up by {options.Number("--delay", 8)} ms. {senders} senders, each with one of the processes; ",
            $"{time.TotalSeconds:0} s per row. Fixed rate: a latency counts from when the message was due. Worst: of the process that ",
            $"fares worst. Fairness by Jain, over the messages of each process: 1 is even, 1/processes is one that takes all.");
        var table = report.Table(
            "Processes, load", "Stored/s", "p50 ms", "p95", "Worst p50", "Worst p95", "Fairness", "Storage requests/message",
            "App CPU ms/message");
        foreach (var processes in options.Numbers("--processes", 1, 2, 4))
        {
            await using var stack = await VoxStack.StartAsync([StorageDelay.Argument + options.Number("--delay", 8)], processes);
            var people = await (await stack.CreateProjectAsync()).CreatePeopleAsync("c", senders);
            var created = await people[0].PostAsync("/api/v1/groups", JsonSerializer.SerializeToUtf8Bytes(
                new { name = "Benchmark", members = people.Skip(1).Select(p => p.Name) }));
            var group = created.GetProperty("id").GetString()!;
            await MeasureAsync($"{processes}, {rate}/s", (run, clock) => OpenAsync(run, clock, rate, time));
            await MeasureAsync($"{processes}, {senders} senders", (run, clock) => ClosedAsync(run, clock, time));

            async Task MeasureAsync(string load, Func<Run, Stopwatch, Task> act)
            {
                await Task.WhenAll(people.Select(person => person.SendAsync(group, $"{Guid.NewGuid():N}", "warm")));
                await stack.SettleAsync();
                var before = await stack.UsageAsync();
                var run = new Run(people, group, processes);
                var clock = Stopwatch.StartNew();
                await act(run, clock);
                var seconds = clock.Elapsed.TotalSeconds;
                await stack.SettleAsync();
                var used = (await stack.UsageAsync()).Since(before);
                double n = run.All.Count;
                double[] counts = [.. run.Each.Select(each => (double)each.Count)];
                report.Row(
                    table, load, n / seconds, run.All.Percentile(50), run.All.Percentile(95), run.Each.Max(each => each.Percentile(50)),
                    run.Each.Max(each => each.Percentile(95)),
                    Math.Pow(counts.Sum(), 2) / (processes * counts.Sum(count => count * count)), used.App.Requests / n,
                    used.App.CpuSeconds * 1e3 / n);
            }
        }
    }

    private static async Task OpenAsync(Run run, Stopwatch clock, int rate, TimeSpan time)
    {
        var sends = new List<Task>();
        for (var i = 0; i < rate * time.TotalSeconds; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / rate);
            while (due - clock.Elapsed is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait);
            }

            sends.Add(run.SendAsync(i, () => clock.Elapsed - due));
        }

        await Task.WhenAll(sends);
    }

    private static Task ClosedAsync(Run run, Stopwatch clock, TimeSpan time) => Task.WhenAll(Enumerable.Range(0, run.Senders).Select(
        async sender =>
        {
            while (clock.Elapsed < time)
            {
                var began = clock.Elapsed;
                await run.SendAsync(sender, () => clock.Elapsed - began);
            }
        }));

    private sealed class Run(Person[] people, string group, int processes)
    {
        private readonly string name = Guid.NewGuid().ToString("N");
        private int sent;

        public int Senders => people.Length;

        public Latencies All { get; } = new();

        public Latencies[] Each { get; } = [.. Enumerable.Range(0, processes).Select(_ => new Latencies())];

        public async Task SendAsync(int sender, Func<TimeSpan> took)
        {
            var i = sender % people.Length;
            await people[i].SendAsync(group, $"{name}{Interlocked.Increment(ref sent)}", new string('x', 100));
            var time = took();
            All.Add(time);
            Each[i % processes].Add(time);
        }
    }
}
