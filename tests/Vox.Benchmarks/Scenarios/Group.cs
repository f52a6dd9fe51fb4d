using System.Text.Json;
using Vox.Benchmarks.Load;
using Vox.Benchmarks.Runner;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Scenarios;

/// <summary>One message to a group, until its last member has it.</summary>
internal sealed class Group : IScenario
{
    public string Name => "group";

    public string What => "messages to groups, every member connected; --sizes 3,50,500 --messages 200";

    public string[] Short => ["--messages", "100"];

    public async Task RunAsync(Options options, Report report)
    {
        var messages = options.Number("--messages", 200);
        report.Note($"{messages} messages of 100 bytes, one after the other, the next when every member has the one before.");
        var table = report.Table(
            "Members", "Send → answered p50 ms", "Send → last member p50", "p95", "Storage requests/message", "SignalR sends/message",
            "Copies delivered/message", "App CPU ms/message");
        foreach (var size in options.Numbers("--sizes", 3, 50, 500))
        {
            await using var stack = await VoxStack.StartAsync(["--Groups:MaxMembers=1000"]);
            await MeasureAsync(report, table, stack, size, messages);
        }
    }

    private static async Task MeasureAsync(Report report, Table table, VoxStack stack, int size, int messages)
    {
        var people = await (await stack.CreateProjectAsync()).CreatePeopleAsync("m", size);
        var (waiting, all) = (0, new TaskCompletionSource());
        await Task.WhenAll(people.Select(person => person.ConnectAsync((name, _) =>
        {
            if (name == "message" && Interlocked.Decrement(ref waiting) == 0)
            {
                all.TrySetResult();
            }
        })));
        var created = await people[0].PostAsync("/api/v1/groups", JsonSerializer.SerializeToUtf8Bytes(
            new { name = "Benchmark", members = people.Skip(1).Take(99).Select(p => p.Name) }));
        var group = created.GetProperty("id").GetString()!;
        foreach (var more in people.Skip(100).Chunk(100))
        {
            await people[0].PostAsync(
                $"/api/v1/groups/{group}/members", JsonSerializer.SerializeToUtf8Bytes(new { ids = more.Select(p => p.Name) }));
        }

        await stack.SettleAsync();
        var (answered, reached, missed) = (new Latencies(), new Latencies(), 0);
        StackUsage? before = null;
        const int Warm = 20;
        for (var i = -Warm; i < messages; i++)
        {
            if (i == 0)
            {
                await stack.SettleAsync();
                before = await stack.UsageAsync();
            }

            all = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref waiting, size);
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            await people[0].SendAsync(group, $"g{i + Warm}", new string('x', 100));
            var answer = System.Diagnostics.Stopwatch.GetElapsedTime(began);
            try
            {
                await all.Task.WaitAsync(TimeSpan.FromSeconds(5));
            }
            catch (TimeoutException)
            {
                missed++;
                continue;
            }

            if (i >= 0)
            {
                answered.Add(answer);
                reached.Since(began);
            }
        }

        await stack.SettleAsync();
        var used = (await stack.UsageAsync()).Since(before!);
        double n = messages;
        report.Row(
            table, size, answered.Percentile(50), reached.Percentile(50), reached.Percentile(95), used.App.Requests / n, used.App.Sends / n,
            used.Emulator.Outbound / n,
            used.App.CpuSeconds * 1e3 / n);
        if (missed > 0)
        {
            report.Note($"{size} members: {missed} messages had not reached all within 5 s.");
        }

        await Task.WhenAll(people.Select(person => person.DisposeAsync().AsTask()));
    }
}
