using System.Collections.Concurrent;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Model;
using Vox.Chat.People;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;

namespace Vox.Tests.People;

public sealed class PresenceExpiryTests(Backends backends)
{
    private static readonly int Online = TestRun.IsLong ? 100_000 : 2_000;
    private static readonly int Due = TestRun.IsLong ? 500 : 50;

    private readonly ShiftedTime clock = new();

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task Expire_ManyOnlineAndFewDue_ReadsOnlyThose()
    {
        await using var app = await StartAsync();
        await using var other = await StartAsync(app);
        var project = (await app.CreateProjectAsync()).Id;
        var soon = Now + 3_600_000;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Online), new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, _) => await LeaseAsync(app, User(project, i), soon + (i < Due ? 0 : i < 2 * Due ? 3_600_000 : 7_200_000)));
        await ExpireAsync(app);

        clock.Advance(TimeSpan.FromMinutes(70));
        var reads = new ConcurrentBag<string>();
        app.Storage.Sent = (method, path) => reads.Add(method + " " + Uri.UnescapeDataString(path));
        await ExpireAsync(app);
        app.Storage.Sent = null;

        Assert.Equal(Online - Due, await CountOnlineAsync(app, project));
        var presence = reads.Where(read => read.StartsWith("GET", StringComparison.Ordinal)
            && read.Contains("presence", StringComparison.Ordinal)).ToList();
        Assert.InRange(presence.Count, Due, 2 * Due);
        Assert.All(presence, read => Assert.Matches(@"PartitionKey eq '|presence\(PartitionKey='", read));

        clock.Advance(TimeSpan.FromMinutes(60));
        await Task.WhenAll(ExpireAsync(app), ExpireAsync(other));
        Assert.Equal(Online - (2 * Due), await CountOnlineAsync(app, project));
        Assert.Empty(await app.Get<PresenceDueStore>().FindAsync(Now, 10, CancellationToken.None));
    }

    [Theory]
    [InlineData(1, 1.5)]
    [InlineData(2, 2.5)]
    public async Task Renew_AgainAndAgain_CostsLittleMoreThanTheLeaseItself(int processes, double budget)
    {
        await using var app = await StartAsync();
        await using var other = await StartAsync(app);
        VoxApp[] apps = [app, other];
        var alice = User((await app.CreateProjectAsync()).Id, 1);
        await RenewAsync(app, alice);
        await RenewAsync(other, alice);
        clock.Advance(TimeSpan.FromSeconds(60));
        await RenewAsync(app, alice);
        var requests = new ConcurrentBag<string>();
        Array.ForEach(apps, one => one.Storage.Sent = (method, path) => requests.Add(method + " " + Uri.UnescapeDataString(path)));
        for (var beat = 1; beat <= 8; beat++)
        {
            clock.Advance(TimeSpan.FromSeconds(60));
            await RenewAsync(apps[beat % processes], alice);
        }

        Array.ForEach(apps, one => one.Storage.Sent = null);
        var own = requests.Where(request => request.Contains("presence", StringComparison.Ordinal)
            || request.Contains("$batch", StringComparison.Ordinal)).ToList();
        Assert.True(own.Count <= 8 * budget, string.Join('\n', own));
    }

    [Fact]
    public async Task Expire_RenewedSinceItWasNoted_GoesOfflineWhenItsLeaseEnds()
    {
        await using var app = await StartAsync();
        var alice = User((await app.CreateProjectAsync()).Id, 1);
        await ExpireAsync(app);
        await RenewAsync(app, alice);
        clock.Advance(TimeSpan.FromSeconds(60));
        await RenewAsync(app, alice);

        clock.Advance(TimeSpan.FromSeconds(150));
        await ExpireAsync(app);
        Assert.True(await app.Get<PresenceStore>().IsOnlineAsync(alice, CancellationToken.None));

        clock.Advance(TimeSpan.FromSeconds(31));
        await ExpireAsync(app);
        Assert.False(await app.Get<PresenceStore>().IsOnlineAsync(alice, CancellationToken.None));
        Assert.Empty(await app.Get<PresenceDueStore>().FindAsync(long.MaxValue / 10_000_000, 10, CancellationToken.None));
    }

    [Fact]
    public async Task End_OfAConnection_LeavesNothingToLookAt()
    {
        await using var app = await StartAsync();
        var alice = User((await app.CreateProjectAsync()).Id, 1);
        await RenewAsync(app, alice);

        await app.Get<PresenceService>().EndAsync(alice, "c1", CancellationToken.None);

        Assert.Empty(await app.Get<PresenceDueStore>().FindAsync(Now + 1_000_000, 10, CancellationToken.None));
    }

    [Fact]
    public async Task Expire_OfOneFails_TheOthersGoOfflineAndItIsTriedLessAndLessOften()
    {
        var faults = new StorageFaults();
        await using var app = await StartAsync(faults: faults);
        var project = (await app.CreateProjectAsync()).Id;
        UserIdentity[] users = [.. Enumerable.Range(0, 5).Select(i => User(project, i))];
        await Task.WhenAll(users.Select(user => RenewAsync(app, user)));
        await ExpireAsync(app);
        var (tries, broken) = (0, true);
        faults.Choose = request =>
        {
            var isHis = broken && request.StartsWith("GET", StringComparison.Ordinal)
                && Uri.UnescapeDataString(request).Contains($"PartitionKey eq '{users[2].Partition}'", StringComparison.Ordinal);
            return isHis && Interlocked.Increment(ref tries) > 0 ? Fault.FailedBefore : Fault.None;
        };

        clock.Advance(TimeSpan.FromSeconds(190));
        for (var minute = 0; minute < 8; minute++)
        {
            await ExpireAsync(app);
            clock.Advance(TimeSpan.FromSeconds(61));
        }

        // At once, and after 1, 2 and 4 minutes more.
        Assert.Equal(4, tries);
        Assert.Equal(1, await CountOnlineAsync(app, project));
        broken = false;
        clock.Advance(TimeSpan.FromMinutes(8));
        await ExpireAsync(app);
        Assert.Equal(0, await CountOnlineAsync(app, project));
    }

    [Fact]
    public async Task Expire_ConnectionFromBeforeThereWereNotes_IsFoundOnce()
    {
        await using var app = await StartAsync();
        var alice = User((await app.CreateProjectAsync()).Id, 1);
        var store = app.Get<PresenceStore>();
        var nobody = await store.ReadAsync(alice.Partition, CancellationToken.None);
        await store.TryRenewAsync(
            alice.Partition, nobody, ChatKeys.Lease("c1"), Now, new Lease(Now + 5, "", null), CancellationToken.None);

        clock.Advance(TimeSpan.FromMinutes(1));
        await ExpireAsync(app);

        Assert.False(await store.IsOnlineAsync(alice, CancellationToken.None));
    }

    private static UserIdentity User(string project, int number) => new(project, $"user{number:D6}", $"the-uid-of-user-{number:D6}");

    private static Task RenewAsync(VoxApp app, UserIdentity user) =>
        app.Get<PresenceService>().RenewAsync(user, "", "c1", CancellationToken.None);

    private static Task ExpireAsync(VoxApp app) => app.Get<PresenceService>().ExpireAsync(CancellationToken.None);

    private static async Task<int> CountOnlineAsync(VoxApp app, string project) =>
        (await app.Get<PresenceStore>().OnlineBetweenAsync(project, "user000000", "user999999", CancellationToken.None)).Count;

    private static async Task LeaseAsync(VoxApp app, UserIdentity user, long until)
    {
        var row = ChatKeys.Lease("c1");
        await app.Get<PresenceDueStore>().MoveAsync(user.Partition, row, null, until, CancellationToken.None);
        var nobody = new PresenceView(new Dictionary<string, Lease>(StringComparer.Ordinal), null, 0);
        await app.Get<PresenceStore>().TryRenewAsync(
            user.Partition, nobody, row, until - 180_000, new Lease(until, "", until), CancellationToken.None);
    }

    private Task<VoxApp> StartAsync(VoxApp? beside = null, StorageFaults? faults = null) => VoxApp.StartAsync(
        backends, ["Storage:Retries=0", "Logging:LogLevel:Vox=None", "AzureWebJobs.ExpirePresence.Disabled=true"],
        builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(clock);
            if (faults is not null)
            {
                builder.Services.AddSingleton<HttpPipelinePolicy>(faults);
            }
        },
        beside?.TablePrefix);
}
