using Vox.Benchmarks.Runner;
using Vox.Platform.Storage;
using Vox.Portal.Estimate;

namespace Vox.Benchmarks.Scenarios;

/// <summary>
/// Simulates a busy minute of ten thousand to ten million connected users, second by second. The projects have very different sizes, each
/// with a room that everybody writes to, and messages come at random. What they take is compared with what Azure publishes, at 80 % load.
/// </summary>
internal static class MillionUsers
{
    private const int Seconds = 60;

    /// <summary>Connected users of a project, on average. The largest one has a share of a tenth or so, by Zipf's law.</summary>
    private const int UsersOfAProject = 500;

    /// <summary>The busiest minute: each connected user sends one message in so many seconds.</summary>
    private const double SecondsPerMessage = 60;
    private const double ReceiptsPerMessage = 0.5;

    /// <summary>Signals that somebody types, and that they have stopped.</summary>
    private const double TypingPerMessage = 2;
    private const double BeatSeconds = 60;

    /// <summary>Log-ins and broken connections of an hour online: each begins a connection and ends one.</summary>
    private const double ConnectsAnHour = 4;

    /// <summary>The share of messages that go to the project's room, and how many of its members are connected.</summary>
    private const double RoomShare = 0.1;
    private const int RoomConnected = 50;

    /// <summary>A resource is full when it is used as much as this: latency rises before the limit.</summary>
    private const double Load = 0.8;

    // Published by Microsoft.
    private const double AccountLimit = 20_000;
    private const double PartitionLimit = 2_000;
    private const double MostInstances = 1_000;

    // Microsoft's performance guide: connections of a SignalR unit, messages that it takes for single users by its REST API, and messages
    // that leave it when a group is written to; in a second. Units of a service of the tiers Standard and Premium P1.
    private const double UnitConnections = 1_000;
    private const double UnitUserSends = 200;
    private const double UnitOutbound = 2_000;
    private const double MostUnits = 100;

    // Counted by the scenario costs. What the end of a connection takes is not counted there, and left out here.
    private const double RequestsPerReceipt = 1;
    private const double RequestsPerBeat = 1.5;
    private const double RequestsPerLogIn = 6;

    /// <summary>The most messages that one transaction of the log or of a conversation takes.</summary>
    private const int LogBatch = 100;
    private const double ConversationBatch = 33;

    private static readonly int[] Accounts = [1, 2, 4, 8, 16, 32, 64];

    public static void Report(Report report)
    {
        report.Note(
            $"On paper: users who are connected at the busiest minute, in projects of {UsersOfAProject} on average (sizes by Zipf's law). ",
            $"Each sends a message every {SecondsPerMessage:0} s with {TypingPerMessage:0} signals of typing, every second message is ",
            $"acknowledged, a sign of life a minute, {ConnectsAnHour:0} log-ins or reconnects an hour; {Seconds} s in steps of one. A ",
            $"message takes a transaction of its conversation, and its share of the log: 1 + 2p requests a batch, where p is the ",
            $"chance that another instance wrote last. An instance answers {AzurePrices.RequestsPerCoreSecond:0} requests/s. Limits as ",
            $"published, of which {Load:0 %} are used: {AccountLimit:N0} requests/s of a storage account, {PartitionLimit:N0} rows/s of ",
            $"a partition, {MostInstances:N0} instances; of a SignalR unit {UnitConnections:N0} connections, {UnitUserSends:0} sends/s ",
            $"to single users and {UnitOutbound:N0} messages/s to members of groups; {MostUnits:0} units of a service.");
        var table = report.Table(
            "Connected users", "Messages/s", "Requests/message", "Instances", "Storage requests/s", "Storage accounts",
            "Busiest conversation, rows/s", "Busiest log, rows/s", "SignalR sends/s", "Units for connections", "Units for messages",
            "Services", "More than one of it");
        foreach (var users in new[] { 10_000, 100_000, 1_000_000, 10_000_000 })
        {
            var peak = Simulate(users);
            var instances = Math.Ceiling(peak.Executions / AzurePrices.RequestsPerCoreSecond / Load);
            var accounts = Array.Find(Accounts, count => BusiestAccount(peak.OfProjects, count) <= AccountLimit * Load);
            var forConnections = Math.Ceiling(users / UnitConnections / Load);
            var forMessages = Math.Ceiling(((peak.UserSends / UnitUserSends) + (peak.GroupOutbound / UnitOutbound)) / Load);
            var services = Math.Ceiling(Math.Max(forConnections, forMessages) / MostUnits);
            var needs = new (string Name, bool Needed)[]
            {
                ("SignalR service", services > 1), ("storage account", accounts != 1), ("lane of a log", peak.Log > PartitionLimit * Load),
                ("partition of a conversation", peak.Conversation > PartitionLimit * Load), ("app", instances > MostInstances),
            };
            report.Row(
                table, users, peak.Messages, peak.Requests / peak.Messages, instances, peak.OfProjects.Sum(),
                accounts == 0 ? $"> {Accounts[^1]}" : $"{accounts}", peak.Conversation, peak.Log, peak.UserSends + peak.GroupSends,
                forConnections, forMessages, services,
                string.Join(", ", needs.Where(need => need.Needed).Select(need => need.Name)) is { Length: > 0 } text ? text : "nothing");
        }
    }

    /// <summary>The highest value of any second, except <c>OfProjects</c>: that of the second with the most requests.</summary>
    private static Peak Simulate(int users)
    {
#pragma warning disable RS0030 // A seed, not Random.Shared: a simulation that can be repeated.
        var random = new Random(1);
#pragma warning restore RS0030
        var weights = Enumerable.Range(1, users / UsersOfAProject).Select(rank => 1.0 / rank).ToArray();
        var sum = weights.Sum();
        var connects = users * ConnectsAnHour / 3_600;
        var most = new Peak();
        var instances = 1.0;
        for (var second = 0; second < Seconds; second++)
        {
            var now = new Peak { OfProjects = new double[weights.Length], Executions = (users / BeatSeconds) + (3 * connects) };
            for (var project = 0; project < weights.Length; project++)
            {
                var online = users * weights[project] / sum;
                var messages = Poisson(random, online / SecondsPerMessage);
                var room = messages * RoomShare;
                now.Conversation = Math.Max(now.Conversation, (2 * room) + Math.Ceiling(room / ConversationBatch));
                now.Log = Math.Max(now.Log, messages);

                // Each instance that got a message of the project in this second writes a batch.
                var writers = Math.Min(messages, instances);
                var batches = messages == 0 ? 0 : Math.Max(writers, messages / (double)LogBatch);
                var requests = messages + (batches * (1 + (2 * (1 - (1 / Math.Max(1, writers))))));
                now.Messages += messages;
                now.Requests += requests;
                now.OfProjects[project] = requests + (messages * ReceiptsPerMessage * RequestsPerReceipt)
                    + (online * ((RequestsPerBeat / BeatSeconds) + (RequestsPerLogIn * ConnectsAnHour / 3_600)));
                now.Executions += messages * (1 + ReceiptsPerMessage + TypingPerMessage);

                // A message goes to its recipient and to the sender's own devices, and so does a receipt. Typing goes to the recipient.
                now.UserSends += ((messages - room) * (2 + TypingPerMessage)) + (messages * ReceiptsPerMessage * 2);
                now.GroupSends += room * (1 + TypingPerMessage);
                now.GroupOutbound += room * (1 + TypingPerMessage) * RoomConnected;
            }

            most.Take(now);
            instances = Math.Max(1, now.Executions / AzurePrices.RequestsPerCoreSecond / Load);
        }

        return most;
    }

    private static double BusiestAccount(double[] requests, int accounts)
    {
        var choice = new ProjectAccounts(accounts, new(() => throw new InvalidOperationException("Nothing is read.")), TimeProvider.System);
        var sums = new double[accounts];
        for (var project = 0; project < requests.Length; project++)
        {
            sums[choice.ChooseFor($"pid_{project}")] += requests[project];
        }

        return sums.Max();
    }

    /// <summary>Uses the normal approximation where the mean is large.</summary>
    private static int Poisson(Random random, double mean)
    {
        if (mean > 30)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            return (int)Math.Max(0, Math.Round(mean + (normal * Math.Sqrt(mean))));
        }

        var (count, product, limit) = (0, random.NextDouble(), Math.Exp(-mean));
        while (product > limit)
        {
            count++;
            product *= random.NextDouble();
        }

        return count;
    }

    private sealed class Peak
    {
        public double Messages { get; set; }

        /// <summary>For messages alone.</summary>
        public double Requests { get; set; }

        public double[] OfProjects { get; set; } = [];

        public double Executions { get; set; }

        public double Conversation { get; set; }

        public double Log { get; set; }

        public double UserSends { get; set; }

        public double GroupSends { get; set; }

        public double GroupOutbound { get; set; }

        public void Take(Peak other)
        {
            if (other.OfProjects.Sum() > OfProjects.Sum())
            {
                (OfProjects, Messages, Requests) = (other.OfProjects, other.Messages, other.Requests);
            }

            Executions = Math.Max(Executions, other.Executions);
            Conversation = Math.Max(Conversation, other.Conversation);
            Log = Math.Max(Log, other.Log);
            UserSends = Math.Max(UserSends, other.UserSends);
            GroupSends = Math.Max(GroupSends, other.GroupSends);
            GroupOutbound = Math.Max(GroupOutbound, other.GroupOutbound);
        }
    }
}
