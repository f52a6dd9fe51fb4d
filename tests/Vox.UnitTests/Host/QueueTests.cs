using System.Collections.Concurrent;
using System.Threading.Channels;
using Azure;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Vox.DevHost.DevTools;
using Vox.DevHost.Queues;

namespace Vox.Tests.Host;

public sealed class QueueTests(QueueTests.Storage storage) : IClassFixture<QueueTests.Storage>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // The file lies beside the tests, as it does beside the app.
    private static readonly QueueSettings Settings = QueueSettings.Read(Path.Combine(AppContext.BaseDirectory, "host.json"));

    private readonly Work work = new();
    private readonly string name = "q" + Guid.NewGuid().ToString("N")[..12];

    private QueueClient Queue => Client(name);

    private QueueClient Poison => Client(name + "-poison");

    [Fact]
    public async Task Message_OnTheQueue_RunsTheFunctionWithItsTextAndIsDeleted()
    {
        await Queue.CreateAsync();
        await Queue.SendMessageAsync("""{"text":"Grüße"}""");
        await using var app = await HostedApp.StartAsync(Builder());

        var run = await NextAsync();

        Assert.Equal(("""{"text":"Grüße"}""", 1), (run.Text, run.Attempt));
        await UntilAsync(async () => await CountAsync(Queue) == 0);
    }

    [Fact]
    public async Task Messages_ManyAtOnce_EachRunsOnceAndAFewAtATime()
    {
        await Queue.CreateAsync();
        var texts = Enumerable.Range(0, 60).Select(n => $"{n}").ToList();
        foreach (var text in texts)
        {
            await Queue.SendMessageAsync(text);
        }

        await using var app = await HostedApp.StartAsync(Builder());

        var ran = new List<string>();
        while (ran.Count < texts.Count)
        {
            ran.Add((await NextAsync()).Text);
        }

        Assert.Equal(texts.Order(StringComparer.Ordinal), ran.Order(StringComparer.Ordinal));
        // One batch, and then the next one, which comes while half of the first still runs.
        Assert.InRange(work.MostAtOnce, 1, Settings.BatchSize + Settings.NewBatchThreshold);
        await UntilAsync(async () => await CountAsync(Queue) == 0);
    }

    [Fact]
    public async Task Message_WhoseFunctionAlwaysThrows_IsTriedFiveTimesAndThenKeptInThePoisonQueue()
    {
        await Queue.CreateAsync();
        await Queue.SendMessageAsync("throw");
        await using var app = await HostedApp.StartAsync(Builder());

        var attempts = new List<int>();
        while (attempts.Count < Settings.MaxDequeueCount)
        {
            attempts.Add((await NextAsync()).Attempt);
        }

        Assert.Equal([1, 2, 3, 4, 5], attempts);
        await UntilAsync(async () => await Poison.ExistsAsync() && await CountAsync(Poison) == 1 && await CountAsync(Queue) == 0);
        Assert.Equal("throw", (await Poison.PeekMessageAsync()).Value.MessageText);
        Assert.False(work.Runs.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task Queue_ThatIsMadeLater_IsFound()
    {
        await using var app = await HostedApp.StartAsync(Builder());

        await Queue.CreateAsync();
        await Queue.SendMessageAsync("late");

        Assert.Equal("late", (await NextAsync()).Text);
    }

    [Fact]
    public async Task Stop_WhileAFunctionRuns_WaitsForItAndItsMessageIsGone()
    {
        await Queue.CreateAsync();
        await Queue.SendMessageAsync("wait");
        var app = await HostedApp.StartAsync(Builder());
        await NextAsync();

        var stop = app.DisposeAsync().AsTask();
        await Task.Yield();
        Assert.False(stop.IsCompleted);
        work.Go.SetResult();
        await stop.WaitAsync(Patience);

        Assert.Equal(0, await CountAsync(Queue));
    }

    [Fact]
    public async Task Message_WhoseFunctionRunsForLong_StaysHiddenAndCanBeDeletedThen()
    {
        await Queue.CreateAsync();
        await Queue.SendMessageAsync("long");
        var time = new FakeTimeProvider();
        var message = (await Queue.ReceiveMessageAsync(HiddenMessage.Visibility)).Value;
        await using var hidden = new HiddenMessage(Queue, message, time);

        for (var round = 0; round < 3; round++)
        {
            var before = hidden.PopReceipt;
            time.Advance(HiddenMessage.Visibility / 2);
            await UntilAsync(() => Task.FromResult(hidden.PopReceipt != before));
        }

        await Assert.ThrowsAsync<RequestFailedException>(() => Queue.DeleteMessageAsync(message.MessageId, message.PopReceipt));
        await hidden.DeleteAsync();
        Assert.Equal(0, await CountAsync(Queue));
    }

    [Fact]
    public async Task Function_ThatIsDisabled_LeavesItsQueueAlone()
    {
        await Queue.CreateAsync();
        await Queue.SendMessageAsync("kept");
        var builder = Builder();
        builder.Configuration["AzureWebJobs.FromQueue.Disabled"] = "true";
        await using (await HostedApp.StartAsync(builder))
        {
            Assert.Equal(1, await CountAsync(Queue));
        }

        Assert.Equal(0, (await Queue.PeekMessageAsync()).Value.DequeueCount);
    }

    private static async Task<int> CountAsync(QueueClient queue) => (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount;

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private QueueClient Client(string name) =>
        new(storage.ConnectionString, name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    private async Task<Run> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await work.Runs.Reader.ReadAsync(patience.Token);
    }

    private FunctionsApplicationBuilder Builder()
    {
        var builder = HostedApp.Builder(typeof(Functions));
        builder.Configuration["AzureWebJobsStorage"] = storage.ConnectionString;
        builder.Configuration["Queue"] = name;
        builder.Services.AddSingleton(work);
        return builder;
    }

    public sealed record Run(string Text, int Attempt);

    public sealed class Work
    {
        private int running;

        public Channel<Run> Runs { get; } = Channel.CreateUnbounded<Run>();

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int MostAtOnce => Seen.IsEmpty ? 0 : Seen.Max();

        private ConcurrentBag<int> Seen { get; } = [];

        public async Task DoAsync(string text, int attempt)
        {
            Seen.Add(Interlocked.Increment(ref running));
            try
            {
                Runs.Writer.TryWrite(new Run(text, attempt));
                if (text is "throw")
                {
                    throw new InvalidOperationException("Not this one.");
                }

                if (text is "wait")
                {
                    await Go.Task;
                }
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }
    }

    public sealed class Functions(Work work)
    {
        [Function("FromQueue")]
        public Task FromQueue([QueueTrigger("%Queue%")] string message, int dequeueCount) => work.DoAsync(message, dequeueCount);
    }

    /// <summary>An Azurite for these tests, which keeps nothing.</summary>
    public sealed class Storage : IAsyncLifetime
    {
        private AzuriteProcess? azurite;

        public string ConnectionString => azurite!.ConnectionString;

        public async ValueTask InitializeAsync()
            => azurite = await AzuriteProcess.StartAsync(new AzuriteOptions { BlobPort = 0 }, CancellationToken.None);

        public ValueTask DisposeAsync() => azurite!.DisposeAsync();
    }
}
