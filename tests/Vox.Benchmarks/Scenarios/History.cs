using Vox.Benchmarks.Load;
using Vox.Benchmarks.Runner;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Scenarios;

/// <summary>Pages of one conversation, new and old, as it grows.</summary>
internal sealed class History : IScenario
{
    public string Name => "history";

    public string What => "pages of 50 of a conversation, the newest and deep ones; --sizes 1000,10000,100000 --reads 30";

    // The emulator takes minutes for the longest conversation. Requests and rows do not depend on it.
    public string[] Short => ["--sizes", "1000,10000"];

    public async Task RunAsync(Options options, Report report)
    {
        var reads = options.Number("--reads", 30);
        report.Note($"Median of {reads} reads of 50 messages each. Times grow with Azurite's tables; requests and rows are what counts.");
        var table = report.Table("Messages in the conversation", "Page", "ms", "Storage requests", "Rows read");
        await using var stack = await VoxStack.StartAsync([AppRole.CountRows, "--Messages:MaxWaiting=10000"]);
        var people = await (await stack.CreateProjectAsync()).CreatePeopleAsync("h", 2);
        var filled = 0;
        foreach (var size in options.Numbers("--sizes", 1_000, 10_000, 100_000))
        {
            await Archive.FillAsync(people, filled, filled = size);
            await stack.SettleAsync();
            foreach (var (name, offset) in new[] { ("newest", 0), ("middle", size / 2), ("oldest", size - 50) })
            {
                var reading = await Reading.OfAsync(
                    stack, reads, _ => people[0].GetAsync($"/api/v1/messages?with={people[1].Name}&offset={offset}&size=50"));
                report.Row(table, size, $"{name} (offset {offset:N0})", reading.Milliseconds, reading.Requests, reading.Rows);
            }
        }
    }
}
