using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Vox.DevHost.Timers;
using Vox.Tests.Fixture;

namespace Vox.Tests.Host;

/// <summary>Timers of several processes on one storage account, and the host's admin endpoint.</summary>
public sealed class TimerTests(Backends backends)
{
    private static readonly string[] Timers =
    [
        .. from type in typeof(Program).Assembly.GetExportedTypes()
           from method in type.GetMethods()
           where method.GetParameters().Any(parameter => parameter.IsDefined(typeof(TimerTriggerAttribute), inherit: false))
           select $"{type.FullName}.{method.Name}",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Timers_OfTwoAppsOnOneAccount_AreEachHeldByOne()
    {
        var (one, other) = (new WatchedLeases(), new WatchedLeases());
        await using var app = await StartAsync(one, VoxApp.NewTablePrefix(), TimeProvider.System);
        var held = await one.AllDecidedAsync();
        await using var second = await StartAsync(other, app.TablePrefix, TimeProvider.System);
        var heldByOther = await other.AllDecidedAsync();

        Assert.Equal(Timers.Length, held.Count);
        Assert.All(held.Values, Assert.True);
        Assert.Equal(held.Keys.Order(StringComparer.Ordinal), heldByOther.Keys.Order(StringComparer.Ordinal));
        Assert.All(heldByOther.Values, Assert.False);
    }

    [Fact]
    public async Task Timers_WhenTheHolderStops_GoOverToTheOther()
    {
        var (one, other) = (new WatchedLeases(), new WatchedLeases());
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var app = await StartAsync(one, VoxApp.NewTablePrefix(), TimeProvider.System);
        await one.AllDecidedAsync();
        await using var second = await StartAsync(other, app.TablePrefix, time);
        Assert.All((await other.AllDecidedAsync()).Values, Assert.False);

        await app.DisposeAsync();

        Assert.True(await UntilAsync(time, TimerHost.LeaseRetry, () => other.Held == Timers.Length));
    }

    [Fact]
    public async Task Timers_OfTwoApps_RunOncePerOccurrence()
    {
        var (one, other) = (new WatchedLeases(), new WatchedLeases());
        var prefix = VoxApp.NewTablePrefix();
        var (time, otherTime) =
            (new FakeTimeProvider(TimeProvider.System.GetUtcNow()), new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        await using var app = await StartAsync(one, prefix, time);
        await one.AllDecidedAsync();
        await using var second = await StartAsync(other, prefix, otherTime);
        await other.AllDecidedAsync();
        var (runs, otherRuns) = (CountRuns(app), CountRuns(second));

        Assert.True(await UntilAsync(time, TimeSpan.FromSeconds(30), () =>
        {
            otherTime.Advance(TimeSpan.FromSeconds(30));
            return runs.Value >= 5;
        }));
        Assert.Equal(0, otherRuns.Value);
    }

    [Fact]
    public async Task Lease_OfATimer_IsABlobWhereTheHostKeepsItsOwn()
    {
        var leases = new WatchedLeases();
        await using var app = await StartAsync(leases, VoxApp.NewTablePrefix(), TimeProvider.System);
        await leases.AllDecidedAsync();

        var container = new BlobContainerClient(backends.StorageConnection, "azure-webjobs-hosts");
        foreach (var function in Timers)
        {
            var properties = await container.GetBlobClient($"locks/{app.TablePrefix}/{function}.Listener").GetPropertiesAsync();
            Assert.Equal(LeaseState.Leased, properties.Value.LeaseState);
            Assert.Equal(LeaseDurationType.Fixed, properties.Value.LeaseDuration);
        }
    }

    [Theory]
    [InlineData("RepairChatLog", "local-master-key", "{}", 202)]
    [InlineData("repairchatlog", "local-master-key", "{}", 202)]
    [InlineData("ResumeUserDeletions", "local-master-key", "{\"input\":\"\"}", 202)]
    [InlineData("RepairChatLog", null, "{}", 401)]
    [InlineData("RepairChatLog", "wrong", "{}", 401)]
    [InlineData("RepairChatLog", "local-function-key", "{}", 403)]
    [InlineData("Unknown", "local-master-key", "{}", 404)]
    [InlineData("RepairChatLog", "local-master-key", "{", 400)]
    [InlineData("RepairChatLog", "local-master-key", null, 415)]
    public async Task Admin_RunsATimer_WithTheCodesOfTheHost(string function, string? key, string? body, int status)
    {
        var request =
            new HttpRequestMessage(HttpMethod.Post, "/admin/functions/" + function) { Content = body is null ? null : RestCall.Raw(body) };
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        await backends.App.Http.SendAsync(request).TextAsync(status);
    }

    [Fact]
    public async Task Admin_RunNow_ReallyRunsTheFunction()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var ran = CountRuns(app);
        var request = new HttpRequestMessage(HttpMethod.Post, "/admin/functions/RepairChatLog") { Content = JsonContent.Create(new { }) };
        request.Headers.Add("x-functions-key", "local-master-key");

        await app.Http.SendAsync(request).TextAsync(202);

        Assert.True(await UntilAsync(new FakeTimeProvider(), TimeSpan.Zero, () => ran.Value > 0));
    }

    private Task<VoxApp> StartAsync(WatchedLeases leases, string tablePrefix, TimeProvider time) => VoxApp.StartAsync(
        backends,
        configure: builder =>
        {
            builder.Services.AddSingleton(time);
            builder.Services.AddSingleton<ITimerLeases>(services =>
            {
                leases.Real = ActivatorUtilities.CreateInstance<BlobTimerLeases>(services);
                return leases;
            });
        },
        tablePrefix: tablePrefix,
        timers: true);

    /// <summary>Moves the clock again and again, because a test cannot see when a timer begins to wait.</summary>
    private static async Task<bool> UntilAsync(FakeTimeProvider time, TimeSpan step, Func<bool> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                return false;
            }

            time.Advance(step);
            await Task.Delay(20);
        }

        return true;
    }

    /// <summary>Counts how often the app lists the writers of the log. The timer RepairChatLog does this first.</summary>
    private static StrongBox<int> CountRuns(VoxApp app)
    {
        var runs = new StrongBox<int>();
        app.Storage.Sent = (_, path) =>
        {
            if (path.Contains("logwriters()", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref runs.Value);
            }
        };
        return runs;
    }

    /// <summary>The real leases, and what came of them.</summary>
    private sealed class WatchedLeases : ITimerLeases
    {
        private readonly Lock gate = new();
        private readonly Dictionary<string, bool> decided = new(StringComparer.Ordinal);
        private readonly TaskCompletionSource<IReadOnlyDictionary<string, bool>> all =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ITimerLeases Real { get; set; } = null!;

        public async Task<ITimerLease?> TryAcquireAsync(string name, CancellationToken cancellation)
        {
            var lease = await Real.TryAcquireAsync(name, cancellation);
            lock (gate)
            {
                decided[name] = lease is not null;
                if (decided.Count == Timers.Length)
                {
                    all.TrySetResult(decided.ToDictionary());
                }
            }

            return lease;
        }

        public Task<IReadOnlyDictionary<string, bool>> AllDecidedAsync() => all.Task.WaitAsync(Patience);

        /// <summary>The number of timers whose lease this app has been given at some time.</summary>
        public int Held
        {
            get
            {
                lock (gate)
                {
                    return decided.Values.Count(held => held);
                }
            }
        }
    }
}
