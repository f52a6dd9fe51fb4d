using Vox.Benchmarks.Load;
using Vox.Benchmarks.Runner;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Scenarios;

/// <summary>REST history over all messages of a project.</summary>
internal sealed class Log : IScenario
{
    public string Name => "log";

    public string What => "pages of 50 of a project's log, deep ones and filtered ones; --messages 100000 --reads 20 --users 100";

    public string[] Short => ["--messages", "10000", "--reads", "10"];

    public async Task RunAsync(Options options, Report report)
    {
        var (messages, reads, users) = (
            options.Number("--messages", 100_000), options.Number("--reads", 20), options.Number("--users", 100));
        report.Note($"GET /api/getchathistory over {messages:N0} messages of {users} users, median of {reads} reads of 50 each.");
        var table = report.Table("Query", "ms", "Storage requests", "Rows read");
        await using var stack = await VoxStack.StartAsync([AppRole.CountRows]);
        var project = await stack.CreateProjectAsync();
        var people = await project.CreatePeopleAsync("l", users);
        await Archive.FillAsync(people, 0, messages / 2);
        await stack.SettleAsync();
        var middle = Time();
        await Archive.FillAsync(people, messages / 2, messages);
        await stack.SettleAsync();
        foreach (var (name, offset, query) in new[]
        {
            ("newest", 0, ""),
            ("offset in the middle", messages / 2, ""),
            ("oldest", messages - 50, ""),
            ("up to the time of the middle", 0, $"endtime={middle}"),
            ("up to the time of the middle, deep", messages / 4, $"endtime={middle}"),
            ("from one user, newest", 0, "fromnumber=l7"),
            ("from one user, up to the middle", 0, $"fromnumber=l7&endtime={middle}"),
        })
        {
            var found = 0;
            var reading = await Reading.OfAsync(stack, reads, async _ => found = await project.LogPageAsync(offset, 50, query));
            report.Row(table, $"{name} ({found} found)", reading.Milliseconds, reading.Requests, reading.Rows);
        }
    }

    /// <summary>The time in the form that the API takes: UTC, to the second. The next message is later.</summary>
    private static string Time() => Uri.EscapeDataString(
        TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture));
}
