using Vox.Benchmarks.Runner;
using Vox.Platform.Storage;

namespace Vox.Benchmarks.Scenarios;

/// <summary>
/// Simulates a million connected users, second by second. The projects have very different sizes, each with a few rooms that everybody
/// writes to, and messages come at random. Requests to the storage are counted by account and by partition, and compared with what Azure
/// publishes.
/// </summary>
internal static class MillionUsers
{
    private const int Users = 1_000_000;
    private const int Seconds = 60;
    private const int Projects = 2_000;

    /// <summary>The busiest minute: each connected user sends one message in so many seconds.</summary>
    private const double SecondsPerMessage = 60;

    private const double AccountLimit = 20_000;
    private const double PartitionLimit = 2_000;

    /// <summary>
    /// The limits of one unit: connections, and messages out of the service per second (Microsoft's performance guide, 2 KB, send to group
    /// or user).
    /// </summary>
    private const double UnitConnections = 1_000;
    private const double UnitOutbound = 2_000;
    private const double MostUnits = 100;

    // Counted by the scenarios send and presence. A message is a transaction and its share of a log transaction. Every second message has a
    // receipt.
    private const double RequestsPerMessage = 1.1;
    private const double RequestsPerReceipt = 1;
    private const double RequestsPerBeat = 2;
    private const double BeatSeconds = 60;

    /// <summary>The most messages that one log transaction takes.</summary>
    private const int LogBatch = 100;

    public static void Report(Report report)
    {
        report.Note(
            $"On paper: {Users:N0} connected users in {Projects:N0} projects (sizes by Zipf's law), each sends a message every ",
            $"{SecondsPerMessage:0} s, every second message is acknowledged, a sign of life a minute; {Seconds} s in steps of one. ",
            $"Limits as published: {AccountLimit:N0} requests/s of a storage account, {PartitionLimit:N0} rows/s of a partition, ",
            $"{UnitConnections:N0} connections and about {UnitOutbound:N0} outbound messages/s of a SignalR unit, {MostUnits:N0} ",
            $"units of a service.");
        var table = report.Table(
            "Storage accounts", "Busiest account, requests/s", "Of its limit", "Busiest conversation, rows/s", "Of its limit",
            "Busiest project's log, rows/s", "Of its limit", "SignalR units", "Services", "Hit first");
        foreach (var accounts in new[] { 1, 2, 4, 8 })
        {
            var (account, conversation, log, outbound) = Simulate(accounts);
            var units = Math.Ceiling(Math.Max(Users / UnitConnections, outbound / UnitOutbound));
            var shares = new (string Name, double Share)[]
            {
                ("storage account", account / AccountLimit), ("conversation", conversation / PartitionLimit),
                ("log of a project", log / PartitionLimit),
                ("SignalR service", units / MostUnits),
            };
            report.Row(
                table, accounts, account, $"{account / AccountLimit:0 %}", conversation, $"{conversation / PartitionLimit:0 %}", log,
                $"{log / PartitionLimit:0 %}", units,
                Math.Ceiling(units / MostUnits), shares.MaxBy(s => s.Share).Name);
        }
    }

    /// <returns>The highest value of any second.</returns>
    private static (double Account, double Conversation, double Log, double Outbound) Simulate(int accounts)
    {
#pragma warning disable RS0030 // A seed, not Random.Shared: a simulation that can be repeated.
        var random = new Random(1);
#pragma warning restore RS0030
        var choice = new ProjectAccounts(accounts, new(() => throw new InvalidOperationException("Nothing is read.")), TimeProvider.System);
        var weights = Enumerable.Range(1, Projects).Select(rank => 1.0 / rank).ToArray();
        var sum = weights.Sum();
        var (account, conversation, log, outbound) = (0.0, 0.0, 0.0, 0.0);
        for (var second = 0; second < Seconds; second++)
        {
            var requests = new double[accounts];
            var sent = 0.0;
            for (var project = 0; project < Projects; project++)
            {
                var users = Users * weights[project] / sum;
                var messages = Poisson(random, users / SecondsPerMessage);

                // A tenth of the messages goes to one room of the project, the rest to conversations of two.
                var room = messages / 10;
                conversation = Math.Max(conversation, 2 * room + Math.Ceiling(room / 33.0));
                log = Math.Max(log, messages);
                var appends = messages == 0 ? 0 : Math.Max(1, messages / (double)LogBatch);
                requests[choice.ChooseFor($"pid_{project}")] += (messages * (RequestsPerMessage - .1)) + appends
                    + (messages * RequestsPerReceipt / 2) + (users * RequestsPerBeat / BeatSeconds);

                // A message goes to the recipient and to the sender's own devices. Receipts come on top. A room has fifty users who
                // are connected.
                sent += ((messages - room) * 2) + (messages / 2.0) + (room * 50.0);
            }

            account = Math.Max(account, requests.Max());
            outbound = Math.Max(outbound, sent);
        }

        return (account, conversation, log, outbound);
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
}
