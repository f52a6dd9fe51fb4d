using System.Diagnostics;
using Vox.Tests.Cluster;
using Vox.Tests.Fixture;

namespace Vox.Tests.Faults;

public sealed class ChaosTests(Backends backends)
{
    private static int Rounds => TestRun.IsLong ? 26 : 1;

    private static int Faults => TestRun.IsLong ? 45 : 24;

    private static int Messages => TestRun.IsLong ? 4_000 : 200;

    [Fact]
    [Promise("VOX-M1", "VOX-M2", "VOX-M5", "VOX-P2", "VOX-R6")]
    public async Task Send_WhileEverythingBreaks_NothingLostNothingTwiceAndAllAgreeAfterwards()
    {
        var random = TestRun.Random();
        var (sent, faults, watch) = (0, 0, Stopwatch.StartNew());
        for (var round = 0; round < Rounds; round++)
        {
            await using var cluster = await TestCluster.StartAsync(backends);
            await using var load = await Load.StartAsync(cluster);
            var injections = new Injections(cluster, random, load.RememberSignalRAsync);
            await injections.RunAsync(Faults, storageKills: 1, done => load.ReachAsync(Messages * done / Faults));
            await cluster.HealAsync();
            await load.FinishAsync(Messages);
            sent += load.Acknowledged;
            faults += injections.Count;
            TestRun.Note(
                $"{watch.Elapsed.TotalSeconds:F0} s, round {round}: {load}; {string.Join(", ", injections.Counts.OrderBy(c => c.Key))}; "
                + $"storage: {string.Join(", ", cluster.StorageAnswers.Counts.OrderBy(c => c.Key))}");
            await load.VerifyAsync();
        }

        TestRun.Note($"{sent} messages acknowledged, {faults} faults in {watch.Elapsed.TotalSeconds:F0} s");
        Console.WriteLine(
            $"Chaos: {sent} messages acknowledged, {faults} faults injected, seed {TestRun.Seed}, {watch.Elapsed.TotalSeconds:F0} s");
    }
}
