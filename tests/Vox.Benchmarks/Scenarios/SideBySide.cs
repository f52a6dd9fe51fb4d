using Vox.Benchmarks.Ejabberd;
using Vox.Benchmarks.Load;
using Vox.Benchmarks.Runner;
using Vox.Benchmarks.Stack;

namespace Vox.Benchmarks.Scenarios;

/// <summary>The same load on this app and on ejabberd, taking turns in short rounds, so that both see the same machine.</summary>
internal sealed class SideBySide : IScenario
{
    public string Name => "ejabberd";

    public string What => "the same pairs, size and receipts as send, beside ejabberd, in alternating rounds; "
        + "--rounds 4 --pairs 20 --seconds 6 --bytes 100 --archives PostgreSQL,SQLite,Mnesia";

    public string[] Short => ["--rounds", "3", "--seconds", "4"];

    public async Task RunAsync(Options options, Report report)
    {
        if (EjabberdServer.Library is null)
        {
            report.Note(
                $"Skipped: ejabberd is not installed (Debian: apt-get install --no-install-recommends ejabberd; for its archive in ",
                $"SQLite erlang-p1-sqlite3, in PostgreSQL postgresql and erlang-p1-pgsql).");
            return;
        }

        var (rounds, count, bytes, time) = (
            options.Number("--rounds", 4), options.Number("--pairs", 20), options.Number("--bytes", 100), options.Seconds(6));
        string[] archives =
        [
            .. options.Text("--archives", $"{EjabberdServer.Postgres},{EjabberdServer.Sqlite},{EjabberdServer.Mnesia}")
                .Split(',').Where(EjabberdServer.Has)
        ];
        report.Note(
            $"{count} pairs, one message of {bytes} bytes in flight in each, archive on in all; {rounds} rounds of ",
            $"{time.TotalSeconds:0} s for each system, taking turns, after two to warm up.");
        report.Note(
            $"Latency: from sending until the other client has it (receipt: until the sender has that). CPU: of the server's ",
            $"processes, by the operating system's count; ours alone, and with the emulators of storage and SignalR service. Ratios: ",
            $"ours divided by ejabberd's, below 1 is less.");
        var table = report.Table(
            "System", "Receipts", "Messages/s", "p50 ms", "p95", "p99", "Receipt p50 ms", "CPU s per 1,000", "With Azurite and emulator");
        var ratios = report.Table(
            "Ours : ejabberd", "Receipts", "Messages/s", "p50", "p95", "p99", "Receipt p50", "CPU, app alone",
            "CPU, with Azurite and emulator");
        foreach (var receipts in new[] { false, true })
        {
            await CompareAsync(report, table, ratios, archives, receipts, rounds, count, bytes, time);
        }
    }

    private static async Task CompareAsync(
        Report report, Table table, Table ratios, string[] archives, bool receipts, int rounds, int count, int bytes, TimeSpan time)
    {
        await using var stack = await VoxStack.StartAsync();
        var project = await stack.CreateProjectAsync();
        var ours = new Contestant("VoxFunctions", await Send.PairsAsync(project, count, receipts), async () =>
        {
            await stack.SettleAsync();
            var used = await stack.UsageAsync();
            return (used.App.CpuSeconds, used.CpuSeconds);
        });
        var servers = new List<EjabberdServer>();
        var others = new List<Contestant>();
        try
        {
            foreach (var archive in archives)
            {
                var server = await EjabberdServer.StartAsync(archive);
                servers.Add(server);
                var pairs = await Task.WhenAll(Enumerable.Range(0, count).Select(i => XmppPair.ConnectAsync(server.Port, i, receipts)));
                others.Add(new Contestant($"ejabberd, {archive}", pairs, () => Task.FromResult((server.CpuSeconds, server.CpuSeconds))));
            }

            for (var round = -2; round < rounds; round++)
            {
                foreach (var contestant in (Contestant[])[ours, .. others])
                {
                    await contestant.RunAsync(time, bytes, counts: round >= 0);
                }
            }

            foreach (var (server, contestant) in servers.Zip(others))
            {
                if (server.CountArchivedAsync() is { } counting)
                {
                    report.Note(
                        $"{contestant.Name}, {(receipts ? "with" : "without")} receipts: {contestant.Sent:N0} messages sent, ",
                        $"{await counting:N0} rows archived (two are due for each).");
                }
            }

            foreach (var contestant in (Contestant[])[ours, .. others])
            {
                report.Row(table, [contestant.Name, receipts ? "yes" : "no", .. contestant.Figures().Select(f => (object)f)]);
            }

            foreach (var other in others)
            {
                report.Row(
                    ratios, [other.Name, receipts ? "yes" : "no", .. ours.Figures().Zip(other.Figures(), (a, b) => (object)(a / b))]);
            }
        }
        finally
        {
            foreach (var contestant in (Contestant[])[ours, .. others])
            {
                await Task.WhenAll(contestant.Pairs.Select(pair => pair.DisposeAsync().AsTask()));
            }

            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <param name="Used">Processor time so far: of the server alone, and together with the services that it needs.</param>
    private sealed record Contestant(string Name, IReadOnlyList<IPair> Pairs, Func<Task<(double Alone, double All)>> Used)
    {
        private readonly List<ClosedLoop> loops = [];
        private double alone;

        /// <summary>Messages sent, including the warm-up.</summary>
        public long Sent { get; private set; }

        private double all;

        public async Task RunAsync(TimeSpan time, int bytes, bool counts)
        {
            var before = await Used();
            var loop = await ClosedLoop.RunAsync(Pairs, time, bytes);
            var after = await Used();
            Sent += loop.Messages;
            if (counts)
            {
                loops.Add(loop);
                alone += after.Alone - before.Alone;
                all += after.All - before.All;
            }
        }

        /// <summary>Medians over the rounds. The processor time is the total over all rounds.</summary>
        public double[] Figures()
        {
            var thousands = loops.Sum(loop => loop.Messages) / 1e3;
            return
            [
                Median(loop => loop.PerSecond), Median(loop => loop.Arrived.Percentile(50)), Median(loop => loop.Arrived.Percentile(95)),
                Median(loop => loop.Arrived.Percentile(99)), Median(loop => loop.Known.Percentile(50)), alone / thousands, all / thousands,
            ];
        }

        private double Median(Func<ClosedLoop, double> of) => loops.Select(of).Order().ElementAt(loops.Count / 2);
    }
}
