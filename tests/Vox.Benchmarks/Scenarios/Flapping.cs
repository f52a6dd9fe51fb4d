using System.Diagnostics;
using System.Text.Json;
using Vox.Benchmarks.Load;
using Vox.Benchmarks.Runner;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Scenarios;

/// <summary>Many users whose connections come and go.</summary>
internal sealed class Flapping : IScenario
{
    public string Name => "presence";

    public string What => "users who come online and go again and again; --users 1000 --contacts 3 --times 2";

    public string[] Short => ["--times", "1"];

    public async Task RunAsync(Options options, Report report)
    {
        var (users, contacts, times) = (options.Number("--users", 1_000), options.Number("--contacts", 3), options.Number("--times", 2));
        report.Note(
            $"{users:N0} users, each in the list of {contacts} others, come and go {times} times, 64 at once. A change is told to the ",
            $"contacts who are online then. Signs of life: of connections that are there already.");
        var table = report.Table("What", "Per second", "p50 ms", "p99", "Storage requests each", "SignalR sends each", "App CPU ms each");
        await using var stack = await VoxStack.StartAsync();
        var people = await (await stack.CreateProjectAsync()).CreatePeopleAsync("p", users);
        await ForEachAsync(users, new Latencies(), async i =>
        {
            for (var c = 1; c <= contacts; c++)
            {
                await people[i].PostAsync(
                    "/api/v1/contacts", JsonSerializer.SerializeToUtf8Bytes(new { id = people[(i + c) % users].Name }));
            }
        });
        var beat = JsonSerializer.SerializeToUtf8Bytes(new { connection = "c1" });
        for (var time = 1; time <= times; time++)
        {
            await RowAsync(report, table, stack, $"comes online ({time})", users, i => people[i].PostAsync("/api/v1/presence", beat));
            await RowAsync(report, table, stack, $"sign of life ({time})", users, i => people[i].PostAsync("/api/v1/presence", beat));
            await RowAsync(report, table, stack, $"goes ({time})", users, i => people[i].DeleteAsync("/api/v1/presence?connection=c1"));
        }
    }

    private static async Task RowAsync(Report report, Table table, VoxStack stack, string what, int users, Func<int, Task> act)
    {
        await stack.SettleAsync();
        var (before, latencies, clock) = (await stack.UsageAsync(), new Latencies(), Stopwatch.StartNew());
        await ForEachAsync(users, latencies, act);
        var seconds = clock.Elapsed.TotalSeconds;
        await stack.SettleAsync();
        var used = (await stack.UsageAsync()).Since(before).App;
        double n = users;
        report.Row(
            table, what, n / seconds, latencies.Percentile(50), latencies.Percentile(99), used.Requests / n, used.Sends / n,
            used.CpuSeconds * 1e3 / n);
    }

    private static Task ForEachAsync(int count, Latencies latencies, Func<int, Task> act) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
        {
            var began = Stopwatch.GetTimestamp();
            await act(i);
            latencies.Since(began);
        });
}
