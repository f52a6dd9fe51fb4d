using System.Collections.Concurrent;
using Vox.Tests.Cluster;
using Vox.Tests.Fixture;

namespace Vox.Tests.Faults;

/// <summary>Breaks several parts of a cluster at random and at the same time, and repairs each after a moment.</summary>
internal sealed class Injections(TestCluster cluster, DeterministicRandom random, Func<Task<Func<Task>>> rememberSignalR)
{
    private static readonly Fault[] Answers = [.. Enum.GetValues<Fault>().Where(fault => fault != Fault.None)];

    private readonly HashSet<object> broken = [];
    private readonly Stack<int> cards = new();

    public ConcurrentDictionary<string, int> Counts { get; } = new();

    public int Count => Counts.Values.Sum();

    /// <param name="storageKills">How many of them kill the storage, which takes seconds.</param>
    /// <param name="pace">Awaited after each fault, so that the faults are spread over all messages.</param>
    public async Task RunAsync(int count, int storageKills, Func<int, Task> pace)
    {
        var running = new List<Task>();
        for (var done = 0; done < count;)
        {
            var (what, act) = done > 0 && done % (count / (storageKills + 1)) == 0 && done / (count / (storageKills + 1)) <= storageKills
                ? (new object[] { cluster.ToTables, cluster.ToBlobs, cluster.StorageAnswers }, (Func<Task>)KillStorageAsync)
                : Choose();
            if (act == KillStorageAsync)
            {
                await Task.WhenAll(running);
            }

            lock (broken)
            {
                if (what.Any(broken.Contains))
                {
                    continue;
                }

                broken.UnionWith(what);
            }

            done++;
            running.RemoveAll(task => task.IsCompletedSuccessfully);
            running.Add(RunAsync(what, act));
            await Task.Delay(random.Next(30, 250));
            await pace(done);
        }

        await Task.WhenAll(running);
    }

    private async Task RunAsync(object[] what, Func<Task> act)
    {
        await act();
        lock (broken)
        {
            broken.ExceptWith(what);
        }
    }

    private (object[] What, Func<Task> Act) Choose()
    {
        var line = random.Of(cluster.Lines);
        var length = TimeSpan.FromMilliseconds(random.Next(50, 1_200));
        var coin = random.OneIn(2);
        var app = random.Next(0, 2);
        var rate = random.Next(5, 60);
        return Card() switch
        {
            <= 4 => ([line], () => CutAsync(line, coin)),
            <= 6 => ([line], () => DelayAsync(line, length, TimeSpan.FromMilliseconds(rate * 3))),
            <= 8 => ([line], () => FreezeAsync(line, length, coin)),
            <= 10 => ([line], () => RefuseAsync(line, length)),
            <= 12 => ([cluster.StorageAnswers], () => AnswerAsync(length, rate)),
            <= 14 => ([$"app {app}"], () => KillAppAsync(app, length)),
            _ => ([cluster.ToSignalR], KillSignalRAsync),
        };
    }

    /// <summary>
    /// Each of the sixteen kinds comes once, in any order, before any comes again. So even a short run has every kind of fault.
    /// </summary>
    private int Card()
    {
        if (cards.Count == 0)
        {
            foreach (var card in Enumerable.Range(0, 16).OrderBy(_ => random.Next(0, 1_000_000)))
            {
                cards.Push(card);
            }
        }

        return cards.Pop();
    }

    private Task CutAsync(TcpProxy line, bool reset)
    {
        Note(reset ? "reset" : "cut");
        line.Cut(reset);
        return Task.CompletedTask;
    }

    private async Task DelayAsync(TcpProxy line, TimeSpan length, TimeSpan delay)
    {
        Note("delay");
        line.Delay = delay;
        await Task.Delay(length);
        line.Delay = TimeSpan.Zero;
    }

    private async Task FreezeAsync(TcpProxy line, TimeSpan length, bool thenCut)
    {
        Note("half-open");
        line.Freeze();
        await Task.Delay(length * 2);
        if (thenCut)
        {
            line.Cut(reset: true);
        }

        line.Thaw();
    }

    private async Task RefuseAsync(TcpProxy line, TimeSpan length)
    {
        Note("refused");
        line.Refuse();
        await Task.Delay(length);
        line.Accept();
    }

    private async Task AnswerAsync(TimeSpan length, int percent)
    {
        Note("storage answers");
        cluster.StorageAnswers.Choose = _ => Random.Shared.Next(100) < percent ? Answers[Random.Shared.Next(Answers.Length)] : Fault.None;
        await Task.Delay(length);
        cluster.StorageAnswers.Choose = null;
    }

    private async Task KillAppAsync(int app, TimeSpan length)
    {
        Note("app killed");
        await cluster.KillAppAsync(app);
        await Task.Delay(length);
        await cluster.StartAppAsync(app);
    }

    /// <summary>The real service keeps users in their groups whatever happens to it. The emulator has them only in memory.</summary>
    private async Task KillSignalRAsync()
    {
        Note("SignalR killed");
        cluster.ToSignalR.Freeze();
        var restore = await rememberSignalR();
        await cluster.SignalR.KillAsync();
        await cluster.SignalR.StartAsync();
        await restore();
        cluster.ToSignalR.Cut(reset: true);
        cluster.ToSignalR.Thaw();
    }

    private async Task KillStorageAsync()
    {
        Note("storage killed");
        cluster.ToTables.Freeze();
        cluster.ToBlobs.Freeze();
        await cluster.Storage.SaveAsync();
        await cluster.Storage.KillAndStartAsync();
        foreach (var line in (TcpProxy[])[cluster.ToTables, cluster.ToBlobs])
        {
            line.Cut(reset: true);
            line.Thaw();
        }
    }

    private void Note(string what) => Counts.AddOrUpdate(what, 1, (_, count) => count + 1);
}
