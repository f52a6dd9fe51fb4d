using System.Diagnostics;
using System.Text.Json;
using Vox.Benchmarks.Load;
using Vox.Benchmarks.Runner;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Scenarios;

/// <summary>The network fails for all users at once. Everybody comes back and fetches what they have missed.</summary>
internal sealed class Reconnect : IScenario
{
    public string Name => "reconnect";

    public string What => "all clients cut off at once, until each is connected and has what it missed; --clients 500 --missed 3";

    public string[] Short => [];

    public async Task RunAsync(Options options, Report report)
    {
        var (clients, missed) = (options.Number("--clients", 500), options.Number("--missed", 3));
        report.Note(
            $"{clients} connected clients with one conversation each; all lines are cut, {missed} messages are sent to each ",
            $"meanwhile, then all come back at once, without the pause of up to seconds that the SDK spreads them by: negotiate, ",
            $"WebSocket, POST sync.");
        var table = report.Table(
            "Clients", "Until half are complete ms", "99 %", "All", "HTTP requests/client", "Storage requests/client", "App CPU ms/client",
            "Messages missing afterwards");
        await using var stack = await VoxStack.StartAsync();
        var project = await stack.CreateProjectAsync();
        var people = await project.CreatePeopleAsync("r", clients);
        var writers = await project.CreatePeopleAsync("w", 20);
        await Task.WhenAll(people.Select(person => person.ConnectAsync((_, _) => { })));
        await SendAllAsync(writers, people, 0);
        await stack.DropConnectionsAsync();
        await Task.WhenAll(people.Select(person => person.Live!.Ended));
        for (var i = 1; i <= missed; i++)
        {
            await SendAllAsync(writers, people, i);
        }

        await stack.SettleAsync();
        var (before, complete, clock, missing) = (await stack.UsageAsync(), new Latencies(), Stopwatch.StartNew(), 0);
        await Task.WhenAll(people.Select(async person =>
        {
            await person.ConnectAsync((_, _) => { });
            var answer = await person.PostAsync("/api/v1/sync", JsonSerializer.SerializeToUtf8Bytes(new { newest = 100 }));
            complete.Add(clock.Elapsed);
            var got = answer.GetProperty("conversations").EnumerateArray().Sum(c => c.GetProperty("messages").GetArrayLength());
            Interlocked.Add(ref missing, missed + 1 - got);
        }));
        await stack.SettleAsync();
        var used = (await stack.UsageAsync()).Since(before).App;
        double n = clients;
        report.Row(
            table, clients, complete.Percentile(50), complete.Percentile(99), complete.Percentile(100), 2, used.Requests / n,
            used.CpuSeconds * 1e3 / n, missing);
        await Task.WhenAll(people.Select(person => person.DisposeAsync().AsTask()));
    }

    private static Task SendAllAsync(Person[] writers, Person[] people, int number) => Parallel.ForAsync(
        0, people.Length, new ParallelOptions { MaxDegreeOfParallelism = 64 },
        async (i, _) => await writers[i % writers.Length].SendAsync(people[i].Name, $"r{i}-{number}", "missed?"));
}
