using System.Globalization;
using System.Text;
using Vox.Portal.Estimate;
using Vox.Tests.Fixture;

namespace Vox.Benchmarks;

/// <summary>Counts operations by running the real app and multiplies the counts by prices. The result is in docs/costs.md.</summary>
internal static class Costs
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    public static async Task RunAsync(string[] options)
    {
        await using var backends = new Backends();
        await backends.InitializeAsync();
        var counts = await OperationCounts.CountAsync(backends);
        var text = Counted(counts) + PerMillion(counts) + Monthly(counts) + Sensitivity(counts);
        Console.Write(text);
        if (options.Contains("--write", StringComparer.Ordinal))
        {
            Replace("docs/costs.md", "<!-- costs: begin -->\n", "<!-- costs: end -->", "\n" + text);
            Replace("functions/app/Portal/Estimate/CountedOperations.cs", "// counted: begin\n", "        // counted: end", Code(counts));
        }
    }

    private static string Counted(IReadOnlyList<Operation> counts)
    {
        var text = new StringBuilder("### Counted operations\n\n");
        text.Append("| Operation | Function executions | Storage requests | SignalR messages |\n|---|---|---|---|\n");
        foreach (var o in counts)
        {
            text.Append(Plain, $"| {o.Name} | {o.Executions:0.##} | {o.StorageRequests:0.##} | {o.SignalRMessages:0.##} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Code(IReadOnlyList<Operation> counts)
    {
        var names = typeof(CountedOperations).GetFields().Where(field => field.IsLiteral)
            .ToDictionary(field => (string)field.GetRawConstantValue()!, field => field.Name, StringComparer.Ordinal);
        return string.Concat(counts.Select(o => string.Create(
            Plain, $"        new({names[o.Name]}, {o.Executions:0.##}, {o.StorageRequests:0.##}, {o.SignalRMessages:0.##}),\n")));
    }

    private static string PerMillion(IReadOnlyList<Operation> counts)
    {
        var text = new StringBuilder("### A million times one operation\n\nWithout what is paid by the month (SignalR units, telemetry). ");
        text.Append(Plain, $"Functions busy: {AzurePrices.RequestsPerCoreSecond} requests a second for each vCPU.\n\n");
        text.Append("| Operation | Executions | Instance time | Tables | Sum within the units | Live messages beyond them | Sum beyond ");
        text.Append("|\n");
        text.Append("|---|---|---|---|---|---|---|\n");
        foreach (var o in counts)
        {
            Row(o.Name, Bill.Of(o, 1e6));
        }

        // What a message brings along.
        var habits = ChatHabits.Default;
        var plain = Bill.Of(Of(CountedOperations.Message), 1e6)
            + Bill.Of(Of(CountedOperations.Receipt), 1e6 * habits.ReceiptsPerMessage);
        Row("**1:1 message with its receipts**", plain);
        Row(
            "**1:1 message with receipts and typing**",
            plain + Bill.Of(Of(CountedOperations.Typing), 1e6 * habits.TypingPerMessage));
        return text.Append('\n').ToString();

        Operation Of(string name) => counts.Single(o => o.Name == name);

        void Row(string name, Bill bill) => text.Append(
            Plain,
            $"| {name} | ${bill.Executions:0.00} | ${bill.Instances:0.00} | ${bill.Tables:0.00} | ${bill.Sum - bill.LiveMessages:0.00} | "
            + $"${bill.LiveMessages:0.00} | ${bill.Sum:0.00} |\n");
    }

    private static string Monthly(IReadOnlyList<Operation> counts)
    {
        var text = new StringBuilder("### A month\n\n");
        text.Append(
            "| Users | Messages | Connections at peak | Memory | SignalR units | SignalR | Executions | Instance time | Timers | Tables "
            + "| Data kept | Telemetry | Alerts, test | Sum | Per user | Per million messages |\n");
        text.Append("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var users in new[] { 1e3, 1e4, 1e5, 1e6 })
        {
            var size = DeploymentSize.For(users);
            var m = Month.Of(users, counts, ChatHabits.Default, size);
            text.Append(
                Plain,
                $"| {users:N0} | {m.Messages / 1e6:0.##} M | {m.PeakConnections:N0} | {size.MemoryMegabytes:N0} MB | {m.Units:0.#} "
                + $"| ${m.SignalR:N0} | ${m.Executions:N2} | ${m.Instances:N2} | ${m.Timers:N2} "
                + $"| ${m.Tables:N2} | ${m.Kept:N2} | ${m.Telemetry:N2} | ${m.Watching:N0} | **${m.Sum:N0}** | ${m.Sum / users:0.0000} "
                + $"| ${m.Sum / m.Messages * 1e6:0.00} |\n");
        }

        text.Append("\nUp to 10,000 users: SignalR Standard, 10 % of the requests recorded, a sign of life a minute. Beyond: SignalR ");
        text.Append("Premium with units that follow the connections (the mean is shown), 1 % recorded, `Presence__LeaseSeconds` 600.\n");
        return text.Append('\n').ToString();
    }

    private static string Sensitivity(IReadOnlyList<Operation> counts)
    {
        const double Users = 1e4;
        var (usual, advised) = (ChatHabits.Default, DeploymentSize.For(Users));
        var basis = Month.Of(Users, counts, usual, advised).Sum;
        var text = new StringBuilder("### What moves the bill, at 10,000 users\n\n| If | Sum | Change |\n|---|---|---|\n");
        foreach (var (what, habits, size) in new (string, ChatHabits, DeploymentSize)[]
        {
            ("as above", usual, advised),
            ("twice as many messages", usual with { MessagesADay = 2 * usual.MessagesADay }, advised),
            ("twice as long online", usual with { HoursOnline = 2 * usual.HoursOnline }, advised),
            ("twice as many at the same time", usual with { PeakShare = 2 * usual.PeakShare }, advised),
            ("no signals of typing", usual with { TypingPerMessage = 0 }, advised),
            ("signs of life every 5 minutes instead of every minute", usual, advised with { LeaseSeconds = 900 }),
            ("no receipts", usual with { ReceiptsPerMessage = 0 }, advised),
            ("instances of 2 GB", usual, advised with { MemoryMegabytes = 2_048 }),
            ("no instance always ready", usual, advised with { AlwaysReady = 0 }),
            ("data in one place (LRS)", usual, advised with { Replicated = false }),
            ("all requests recorded", usual, advised with { Recorded = 1 }),
            ("Front Door in front", usual, advised with { FrontDoor = true }),
        })
        {
            var sum = Month.Of(Users, counts, habits, size).Sum;
            text.Append(Plain, $"| {what} | ${sum:N0} | {(sum / basis) - 1:+0 %;-0 %;0 %} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static void Replace(string file, string begin, string end, string content)
    {
        var path = Path.Combine(RepositoryFolder(), file);
        var text = File.ReadAllText(path);
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = text.IndexOf(end, StringComparison.Ordinal);
        File.WriteAllText(path, $"{text[..from]}{content}{text[to..]}");
    }

    internal static string RepositoryFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VoxFunctions.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Run this from a checkout.");
        }

        return folder.FullName;
    }
}
