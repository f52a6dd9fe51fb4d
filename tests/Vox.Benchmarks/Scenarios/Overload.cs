using System.Diagnostics;
using Vox.Benchmarks.Load;
using Vox.Benchmarks.Runner;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Scenarios;

/// <summary>Three times as many messages as can be stored: as many as before must get through, and the others be refused quickly.</summary>
internal sealed class Overload : IScenario
{
    public string Name => "overload";

    public string What => "goodput at 3 times the capacity; --seconds 10 --times 3 --limit 100 (MaxConcurrentRequests)";

    public string[] Short => ["--seconds", "6"];

    public async Task RunAsync(Options options, Report report)
    {
        var (time, times, limit) = (options.Seconds(10), options.Number("--times", 3), options.Number("--limit", 100));
        await using var stack = await VoxStack.StartAsync([$"--Limits:MaxConcurrentRequests={limit}"]);
        var yields = await YieldAsync();
        report.Note($"200 users send 100 bytes to each other over HTTP, nobody listens. Capacity: most stored per second in closed loops of 16, 32 and 64 senders. Then an open loop at {times} times that, {time.TotalSeconds:0} s, and the best of the closed loops again: capacity is what it stored before and after on average, as Azurite grows slower with its tables. Limits__MaxConcurrentRequests is {limit}; per user and project there is no limit, so that it is this one which is measured. The generator has the same cores, but the app and the emulators go first ({(yields ? "nice 10" : "not this time: renice is missing or failed")}), as if it were another machine.");
        var table = report.Table("Load", "Offered/s", "Stored/s", "Of capacity", "Refused/s", "Stored p50 ms", "p99", "Refused p50 ms", "Other answers", "App CPU ms/request");
        var people = await (await stack.CreateProjectAsync()).CreatePeopleAsync("o", 200);
        await RunAsync(stack, people, time, closed: 32, rate: 0);
        var (before, senders) = (0.0, 0);
        foreach (var closed in new[] { 16, 32, 64 })
        {
            var result = await RunAsync(stack, people, time / 2, closed, rate: 0);
            Row(report, table, $"closed loop, {closed} senders", result, double.NaN);
            (before, senders) = result.StoredPerSecond > before ? (result.StoredPerSecond, closed) : (before, senders);
        }

        var over = await RunAsync(stack, people, time, closed: 0, rate: times * before);
        var after = await RunAsync(stack, people, time / 2, senders, rate: 0);
        Row(report, table, $"open loop, {times} × capacity", over, (before + after.StoredPerSecond) / 2);
        Row(report, table, $"closed loop, {senders} senders, again", after, double.NaN);
    }

    /// <summary>
    /// Lowers the priority of this process, of each of its threads; further threads inherit it. What the generator takes to offer
    /// more than can be stored would else be taken from the app, and it is the app whose goodput is looked for.
    /// </summary>
    private static async Task<bool> YieldAsync()
    {
        try
        {
            var threads = Directory.GetDirectories("/proc/self/task").Select(path => Path.GetFileName(path));
            var start = new ProcessStartInfo("renice", ["-n", "10", "-p", .. threads]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            using var renice = Process.Start(start)!;
            await renice.WaitForExitAsync();
            return renice.ExitCode == 0;
        }
        catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or IOException)
        {
            return false;
        }
    }

    private static void Row(Report report, Table table, string load, Result r, double capacity) => report.Row(
        table, load, (r.Stored.Count + r.Refused.Count + r.Others) / r.Seconds, r.StoredPerSecond, double.IsNaN(capacity) ? "" : $"{r.StoredPerSecond / capacity:0 %}",
        r.Refused.Count / r.Seconds, r.Stored.Percentile(50), r.Stored.Percentile(99), r.Refused.Percentile(50), r.Others, r.CpuMilliseconds);

    private static async Task<Result> RunAsync(VoxStack stack, Person[] people, TimeSpan time, int closed, double rate)
    {
        var result = new Result();
        await stack.SettleAsync();
        var (before, clock) = (await stack.UsageAsync(), Stopwatch.StartNew());
        if (closed > 0)
        {
            await Task.WhenAll(Enumerable.Range(0, closed).Select(async first =>
            {
                for (var i = first; clock.Elapsed < time; i += closed)
                {
                    await SendAsync(people, i, result);
                }
            }));
        }
        else
        {
            var sends = new List<Task>();
            for (var i = 0; clock.Elapsed < time; i++)
            {
                while (i > rate * clock.Elapsed.TotalSeconds)
                {
                    await Task.Delay(1);
                }

                sends.Add(SendAsync(people, i, result));
            }

            result.Seconds = clock.Elapsed.TotalSeconds;
            await Task.WhenAll(sends);
        }

        result.Seconds = result.Seconds > 0 ? Math.Max(result.Seconds, clock.Elapsed.TotalSeconds) : clock.Elapsed.TotalSeconds;
        await stack.SettleAsync();
        var used = (await stack.UsageAsync()).Since(before).App;
        result.CpuMilliseconds = used.CpuSeconds * 1e3 / (result.Stored.Count + result.Refused.Count + result.Others);
        return result;
    }

    private static async Task SendAsync(Person[] people, int i, Result result)
    {
        var began = Stopwatch.GetTimestamp();
        var (status, _) = await people[i % people.Length].TrySendAsync(people[(i + 1) % people.Length].Name, "", new string('x', 100));
        if (status is 200)
        {
            result.Stored.Since(began);
        }
        else if (status is 503 or 429)
        {
            result.Refused.Since(began);
        }
        else
        {
            Interlocked.Increment(ref result.Others);
        }
    }

    private sealed class Result
    {
        public int Others;

        public Latencies Stored { get; } = new();

        public Latencies Refused { get; } = new();

        public double Seconds { get; set; }

        public double CpuMilliseconds { get; set; }

        public double StoredPerSecond => Stored.Count / Seconds;
    }
}
