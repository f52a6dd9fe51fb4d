using System.Globalization;
using System.Text;
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
            Replace(Path.Combine(RepositoryFolder(), "docs/costs.md"), text);
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

    private static string PerMillion(IReadOnlyList<Operation> counts)
    {
        var text = new StringBuilder("### A million times one operation\n\nWithout what is paid by the month (SignalR units, telemetry). ");
        text.Append(Plain, $"Functions busy: {Prices.BusyRequestsPerSecond} requests a second in one instance.\n\n");
        text.Append(
            "| Operation | Executions | Instance time | Tables | Live messages beyond the units | Sum |\n|---|---|---|---|---|---|\n");
        foreach (var o in counts)
        {
            var bill = Bill.Of(o, 1e6, instanceSeconds: o.Executions * 1e6 / Prices.BusyRequestsPerSecond);
            text.Append(
                Plain,
                $"| {o.Name} | ${bill.Executions:0.00} | ${bill.Instances:0.00} | ${bill.Tables:0.00} | ${bill.LiveMessages:0.00} | "
                + $"${bill.Sum:0.00} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Monthly(IReadOnlyList<Operation> counts)
    {
        var text = new StringBuilder("### A month\n\n");
        text.Append(
            "| Users | Messages | Connections at peak | SignalR units | SignalR | Executions | Instance time | Tables | Data kept | "
            + "Telemetry | Sum | Per user | Per million messages |\n");
        text.Append("|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var users in new[] { 1e3, 1e4, 1e5, 1e6 })
        {
            var m = Month.Of(users, counts, Habits.Default);
            text.Append(
                Plain,
                $"| {users:N0} | {m.Messages / 1e6:0.##} M | {m.PeakConnections:N0} | {m.Units} | ${m.SignalR:N0} "
                + $"| ${m.Executions:N2} | ${m.Instances:N2} "
                + $"| ${m.Tables:N2} | ${m.Kept:N2} | ${m.Telemetry:N2} | **${m.Sum:N0}** | ${m.Sum / users:0.0000} "
                + $"| ${m.Sum / m.Messages * 1e6:0.00} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Sensitivity(IReadOnlyList<Operation> counts)
    {
        const double Users = 1e4;
        var basis = Month.Of(Users, counts, Habits.Default).Sum;
        var text = new StringBuilder("### What moves the bill, at 10,000 users\n\n| If | Sum | Change |\n|---|---|---|\n");
        foreach (var (what, habits) in new (string, Habits)[]
        {
            ("as above", Habits.Default),
            ("twice as many messages", Habits.Default with { MessagesADay = 2 * Habits.Default.MessagesADay }),
            ("twice as long online", Habits.Default with { HoursOnline = 2 * Habits.Default.HoursOnline }),
            ("signs of life every 5 minutes instead of every minute", Habits.Default with { BeatsAnHour = 12 }),
            ("no receipts", Habits.Default with { ReceiptsPerMessage = 0 }),
            ("instances of 512 MB instead of 2 GB, while one is enough", Habits.Default with { InstanceGigabytes = .5 }),
            ("twice as many at the same time", Habits.Default with { PeakShare = 2 * Habits.Default.PeakShare }),
        })
        {
            var sum = Month.Of(Users, counts, habits).Sum;
            text.Append(Plain, $"| {what} | ${sum:N0} | {(sum / basis) - 1:+0 %;-0 %;0 %} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static void Replace(string path, string tables)
    {
        const string Begin = "<!-- costs: begin -->\n";
        const string End = "<!-- costs: end -->";
        var text = File.ReadAllText(path);
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = text.IndexOf(End, StringComparison.Ordinal);
        File.WriteAllText(path, $"{text[..from]}\n{tables}{text[to..]}");
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
