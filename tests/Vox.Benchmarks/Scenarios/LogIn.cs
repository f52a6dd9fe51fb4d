using Vox.Benchmarks.Load;
using Vox.Benchmarks.Runner;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Scenarios;

/// <summary>
/// From the password to a client that is ready: first the session, then contacts, conversations and the live channel at the same time.
/// </summary>
internal sealed class LogIn : IScenario
{
    public string Name => "login";

    public string What
        => "log-in until ready (contacts, conversations, live channel), of users that the process has and has not met; --users 60";

    public string[] Short => ["--users", "40"];

    public async Task RunAsync(Options options, Report report)
    {
        var users = options.Number("--users", 60);
        report.Note(
            $"{users} users, one after the other, passwords hashed at full strength: POST sessions, then GET contacts, GET ",
            $"conversations and POST negotiate with a WebSocket at once, that is 4 HTTP requests in a chain of 2. Each has 10 ",
            $"conversations.");
        var table = report.Table(
            "Log-in", "Until ready p50 ms", "p95", "Password answered p50 ms", "HTTP requests", "Storage requests", "SignalR sends",
            "App CPU ms");
        await using var stack = await VoxStack.StartAsync(["--Security:PasswordIterations=210000"], processes: 2);
        var project = await stack.CreateProjectAsync();
        var people = await project.CreatePeopleAsync("u", users);
        await Archive.FillAsync(people, 0, users * 2);
        for (var i = 0; i < users; i++)
        {
            for (var j = 2; j < 10; j++)
            {
                await people[i].SendAsync(people[(i + j) % users].Name, $"c{j}", "hello");
            }
        }

        await stack.SettleAsync();

        // Each session was made by the process to which the user belongs. The other process does not know the user yet.
        await MeasureAsync(
            report,
            table,
            stack,
            "cold: first in this process",
            [.. people.Select((p, i) => new Person(project, stack.Apps[(i + 1) % 2], p.Name))]);
        await MeasureAsync(report, table, stack, "warm: again in the same process", people);
    }

    private static async Task MeasureAsync(Report report, Table table, VoxStack stack, string name, Person[] people)
    {
        var (ready, password) = (new Latencies(), new Latencies());
        var before = await stack.UsageAsync();
        foreach (var person in people)
        {
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            await person.LogInAsync();
            password.Since(began);
            await Task.WhenAll(
                person.GetAsync("/api/v1/contacts"), person.GetAsync("/api/v1/conversations"), person.ConnectAsync((_, _) => { }));
            ready.Since(began);
        }

        await stack.SettleAsync();
        var used = (await stack.UsageAsync()).Since(before).App;
        double n = people.Length;
        report.Row(
            table, name, ready.Percentile(50), ready.Percentile(95), password.Percentile(50), 4, used.Requests / n, used.Sends / n,
            used.CpuSeconds * 1e3 / n);
        await Task.WhenAll(people.Select(person => person.DisposeAsync().AsTask()));
    }
}
