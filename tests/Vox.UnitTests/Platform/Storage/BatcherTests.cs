using Vox.Platform.Storage;

namespace Vox.Tests.Storage;

public sealed class BatcherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public void TryAdd_WhileNothingIsUnderWay_CommitsInTheCallersTurn()
    {
        var committed = new List<int>();
        var batcher = new Batcher<int>(10, 10, 100, _ => 1, batch =>
        {
            committed.AddRange(batch);
            return Task.CompletedTask;
        });

        Assert.True(batcher.TryAdd(1, out var closed));

        Assert.Equal([1], committed);
        Assert.False(closed);
    }

    [Theory]
    [InlineData("full")]
    [InlineData("large")]
    [InlineData("drained")]
    [InlineData("hurried")]
    public async Task TryAdd_ToldToGather_WaitsUntilThereIsEnoughOrSomebodyIsInAHurry(string end)
    {
        var committed = new TaskCompletionSource<int[]>();
        var batcher = new Batcher<int>(
            100, 3, 100, item => item, batch =>
            {
                committed.TrySetResult([.. batch]);
                return Task.CompletedTask;
            },
            () => TimeSpan.FromDays(1));
        batcher.TryAdd(1, out _);
        batcher.TryAdd(2, out _);
        Assert.False(committed.Task.IsCompleted);
        Assert.Equal(2, batcher.Waiting);

        switch (end)
        {
            case "full":
                batcher.TryAdd(3, out _);
                break;
            case "large":
                batcher.TryAdd(98, out _);
                break;
            case "drained":
                _ = batcher.DrainAsync();
                break;
            default:
                batcher.Hurry();
                break;
        }

        var first = await committed.Task.WaitAsync(Patience);
        Assert.Equal([1, 2], first.Take(2));
    }

    [Fact]
    public async Task TryAdd_WhileABatchIsWritten_GathersForTheNext()
    {
        var slow = new SlowStore();
        var batcher = slow.Batcher();
        batcher.TryAdd(1, out _);

        batcher.TryAdd(2, out _);
        batcher.TryAdd(3, out _);
        Assert.Equal(2, batcher.Waiting);
        slow.Release(2);
        await batcher.DrainAsync().WaitAsync(Patience);

        Assert.Equal([[1], [2, 3]], slow.Batches);
    }

    [Fact]
    public async Task Batches_OfManyItems_KeepOrderAndLimits()
    {
        var slow = new SlowStore();
        var batcher = slow.Batcher(maxItems: 3);
        for (var i = 0; i < 8; i++)
        {
            Assert.True(batcher.TryAdd(i, out _));
        }

        slow.Release(100);
        await batcher.DrainAsync().WaitAsync(Patience);

        Assert.Equal([[0], [1, 2, 3], [4, 5, 6], [7]], slow.Batches);
    }

    [Fact]
    public async Task Batches_ByBytes_HaveAtLeastOneItemEach()
    {
        var slow = new SlowStore();
        var batcher = slow.Batcher(maxBytes: 10, sizeOf: item => item);
        foreach (var size in new[] { 1, 4, 6, 1, 99, 5, 5, 5 })
        {
            batcher.TryAdd(size, out _);
        }

        slow.Release(100);
        await batcher.DrainAsync().WaitAsync(Patience);

        Assert.Equal([[1], [4, 6], [1], [99], [5, 5], [5]], slow.Batches);
    }

    [Fact]
    public void TryAdd_WhenFull_IsRefusedAndSaysThatItIsNotClosed()
    {
        var slow = new SlowStore();
        var batcher = slow.Batcher(capacity: 2);
        batcher.TryAdd(0, out _);

        Assert.True(batcher.TryAdd(1, out _));
        Assert.True(batcher.TryAdd(2, out _));
        Assert.False(batcher.TryAdd(3, out var closed));

        Assert.False(closed);
    }

    [Fact]
    public async Task Commit_ThatThrows_DoesNotStopTheFollowing()
    {
        var batches = 0;
        var batcher = new Batcher<int>(10, 1, 100, _ => 1, async _ =>
        {
            await Task.Yield();
            if (Interlocked.Increment(ref batches) == 1)
            {
                throw new InvalidOperationException("The first batch fails.");
            }
        });

        batcher.TryAdd(1, out _);
        batcher.TryAdd(2, out _);
        await batcher.DrainAsync().WaitAsync(Patience);
        batcher.TryAdd(3, out _);
        await batcher.DrainAsync().WaitAsync(Patience);

        Assert.Equal(3, batches);
    }

    [Fact]
    public async Task Drain_WaitsForWhatWasAddedBeforeAndNotForWhatCameAfter()
    {
        var slow = new SlowStore();
        var batcher = slow.Batcher(maxItems: 1);
        batcher.TryAdd(1, out _);
        batcher.TryAdd(2, out _);
        var drain = batcher.DrainAsync();
        batcher.TryAdd(3, out _);

        slow.Release(1);
        Assert.False(drain.IsCompleted);
        slow.Release(1);
        await drain.WaitAsync(Patience);

        Assert.Equal([[1], [2]], slow.Batches.Take(2));
        Assert.False(batcher.DrainAsync().IsCompleted);
    }

    [Fact]
    public async Task TryClose_OnlyWhenIdle_AndRefusesFromThenOn()
    {
        var slow = new SlowStore();
        var batcher = slow.Batcher();
        batcher.TryAdd(1, out _);
        Assert.False(batcher.TryClose());

        slow.Release(1);
        await batcher.DrainAsync().WaitAsync(Patience);
        Assert.True(SpinWait.SpinUntil(batcher.TryClose, Patience));

        Assert.False(batcher.TryAdd(2, out var closed));
        Assert.True(closed);
        Assert.Equal([[1]], slow.Batches);
    }

    [Fact]
    public async Task Batcher_ManyAdders_EveryItemOnceInEachAddersOrderNeverTwoBatchesAtOnce()
    {
        var (committed, atOnce, worst) = (new List<(int Adder, int Item)>(), 0, 0);
        var batcher = new Batcher<(int Adder, int Item)>(100_000, 49, 1_000_000, _ => 1, async batch =>
        {
            worst = Math.Max(worst, Interlocked.Increment(ref atOnce));
            await Task.Yield();
            committed.AddRange(batch);
            Interlocked.Decrement(ref atOnce);
        });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(adder => Task.Run(() =>
        {
            for (var item = 0; item < 500; item++)
            {
                Assert.True(batcher.TryAdd((adder, item), out _));
            }
        })));
        await batcher.DrainAsync().WaitAsync(Patience);

        Assert.Equal(1, worst);
        Assert.Equal(4_000, committed.Count);
        Assert.All(committed.GroupBy(c => c.Adder), group => Assert.Equal(Enumerable.Range(0, 500), group.Select(c => c.Item)));
    }

    /// <summary>Keeps each batch until it is released.</summary>
    private sealed class SlowStore
    {
        private readonly SemaphoreSlim released = new(0);

        public List<int[]> Batches { get; } = [];

        public Batcher<int> Batcher(int capacity = 100, int maxItems = 100, int maxBytes = 1_000, Func<int, int>? sizeOf = null) =>
            new(capacity, maxItems, maxBytes, sizeOf ?? (_ => 1), async batch =>
            {
                await released.WaitAsync();
                Batches.Add([.. batch]);
            });

        public void Release(int batches) => released.Release(batches);
    }
}
