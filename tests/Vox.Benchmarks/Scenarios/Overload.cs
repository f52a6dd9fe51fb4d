using System.Diagnostics;
using Vox.Benchmarks.Load;
using Vox.Benchmarks.Runner;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Scenarios;

/// <summary>
/// Three times as many messages as can be stored. As many as before must get through, and the others must be refused quickly.
/// </summary>
internal sealed class Overload : IScenario
{
    public string Name => "overload";

    public string What => "goodput at 3 times the capacity; --seconds 4 --rounds 6 --times 3 --limit 100 (MaxConcurrentRequests)";

    public string[] Short => ["--rounds", "4"];

    public async Task RunAsync(Options options, Report report)
    {
        var (time, rounds, times, limit) = (
            options.Seconds(4), options.Number("--rounds", 6), options.Number("--times", 3), options.Number("--limit", 100));
        await using var stack = await VoxStack.StartAsync([$"--Limits:MaxConcurrentRequests={limit}"]);
        var yields = await YieldAsync();
        report.Note(
            $"200 users send 100 bytes to each other over HTTP, nobody listens. Capacity: of closed loops of 16, 32 and 64 senders ",
            $"the one that stores most per second. Then {rounds} rounds of {time.TotalSeconds:0} s each of that closed loop and of an ",
            $"open loop at {times} times what it has just stored, taking turns, as Azurite grows slower with its tables; below the ",
            $"means of all rounds.");
        report.Note(
            $"Limits__MaxConcurrentRequests is {limit}, which is what Azure gives an instance by `httpConcurrency`; per user and ",
            $"project there is no limit, so that it is this one which is measured. The generator has the same cores, but the app and ",
            $"the emulators go first ({(yields ? "nice 10" : "not this time: renice is missing or failed")}), as if it were another ",
            $"machine.");
        var table = report.Table(
            "Load", "Offered/s", "Stored/s", "Of capacity", "Refused/s", "Stored p50 ms", "p99", "Refused p50 ms", "Other answers",
            "App CPU ms/request");
        var people = await (await stack.CreateProjectAsync()).CreatePeopleAsync("o", 200);
        await RunAsync(stack, people, new(), time * 2, closed: 32, rate: 0);
        var (most, senders) = (0.0, 0);
        foreach (var closed in new[] { 16, 32, 64 })
        {
            var stored = await RunAsync(stack, people, new(), time, closed, rate: 0);
            (most, senders) = stored > most ? (stored, closed) : (most, senders);
        }

        var (capacity, over) = (new Result(), new Result());
        for (var round = 0; round < rounds; round++)
        {
            var stored = await RunAsync(stack, people, capacity, time, senders, rate: 0);
            await RunAsync(stack, people, over, time, closed: 0, rate: times * stored);
        }

        Row(report, table, $"closed loop, {senders} senders", capacity, double.NaN);
        Row(report, table, $"open loop, {times} × capacity", over, capacity.StoredPerSecond);
    }

    /// <summary>
    /// Lowers the priority of each thread of this process. New threads inherit it. Otherwise the generator, which offers more than can be
    /// stored, would take its processor time from the app, and the goodput of the app is what is measured.
    /// </summary>
    private static async Task<bool> YieldAsync()
    {
        try
        {
            var threads = Directory.GetDirectories("/proc/self/task").Select(path => Path.GetFileName(path));
            var start = new ProcessStartInfo("renice", ["-n", "10", "-p", .. threads])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true
            };
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
        table, load, r.Answers / r.Seconds, r.StoredPerSecond, double.IsNaN(capacity) ? "" : $"{r.StoredPerSecond / capacity:0 %}",
        r.Refused.Count / r.Seconds, r.Stored.Percentile(50), r.Stored.Percentile(99), r.Refused.Percentile(50), r.Others,
        r.CpuMilliseconds / r.Answers);

    /// <returns>Messages stored per second in this round. <paramref name="result"/> collects all rounds.</returns>
    private static async Task<double> RunAsync(VoxStack stack, Person[] people, Result result, TimeSpan time, int closed, double rate)
    {
        var storedBefore = result.Stored.Count;
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

            await Task.WhenAll(sends);
        }

        var seconds = clock.Elapsed.TotalSeconds;
        result.Seconds += seconds;
        await stack.SettleAsync();
        var used = (await stack.UsageAsync()).Since(before).App;
        result.CpuMilliseconds += used.CpuSeconds * 1e3;
        return (result.Stored.Count - storedBefore) / seconds;
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

        public int Answers => Stored.Count + Refused.Count + Others;

        public Latencies Stored { get; } = new();

        public Latencies Refused { get; } = new();

        public double Seconds { get; set; }

        public double CpuMilliseconds { get; set; }

        public double StoredPerSecond => Stored.Count / Seconds;
    }
}
