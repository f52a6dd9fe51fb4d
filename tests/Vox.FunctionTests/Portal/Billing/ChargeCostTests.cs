using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Usage;
using Vox.Portal.Billing;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

/// <summary>What a run of the charges costs, in storage requests.</summary>
public sealed class ChargeCostTests(Backends backends)
{
    private static readonly int Projects = TestRun.IsLong ? 1_000 : 40;

    private readonly ShiftedTime clock = new();

    [Fact]
    public async Task Charge_ManyProjectsWithUsersAndMessages_AtMostThreeRequestsEach()
    {
        await using var app = await StartAsync();
        var projects = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Projects), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) =>
            {
                var project = await app.CreateProjectAsync();
                projects.Add(project.Id);
                var alice = await project.CreateUserAsync("alice");
                if (i % 4 == 0)
                {
                    await project.CreateUserAsync("bob");
                    await alice.SendChatAsync("bob", "hello");
                }
            });
        await app.Get<UsageCounters>().FlushAsync(CancellationToken.None);
        clock.Advance(TimeSpan.FromMinutes(8));
        await app.Get<UsageFold>().RunAsync(CancellationToken.None);
        ToNextMorning();

        var requests = await CountAsync(app, () => app.Get<BillingService>().ChargeAllAsync(CancellationToken.None));

        // Besides those: what all projects share, and three tables that are made at their first use.
        Assert.InRange(requests.Count, 3 * Projects, (3 * Projects) + 12);
        var ledger = app.Get<LedgerStore>();
        var balances = await Task.WhenAll(projects.Select(project => ledger.BalanceAsync(project, CancellationToken.None)));
        Assert.Equal(-1_000L * (Projects + (Projects / 4)), balances.Sum());

        // The other runs of the day have nothing to do, however many projects there are. The next day costs the same again.
        requests = await CountAsync(app, () => app.Get<BillingService>().ChargeAllAsync(CancellationToken.None));
        Assert.InRange(requests.Count, 1, 2);
        clock.Advance(TimeSpan.FromDays(1));
        requests = await CountAsync(app, () => app.Get<BillingService>().ChargeAllAsync(CancellationToken.None));
        Assert.InRange(requests.Count, 3 * Projects, (3 * Projects) + 8);
        balances = await Task.WhenAll(projects.Select(project => ledger.BalanceAsync(project, CancellationToken.None)));
        Assert.Equal(-2_000L * (Projects + (Projects / 4)), balances.Sum());
    }

    [Fact]
    public async Task Charge_OneProjectFails_OnlyThatIsTriedAgainInTheNextHour()
    {
        await using var app = await StartAsync();
        string[] projects = [.. await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            var project = await app.CreateProjectAsync();
            await project.CreateUserAsync("alice");
            return project.Id;
        }))];
        clock.Advance(TimeSpan.FromDays(1));
        app.Storage.Sent = (method, path) =>
        {
            if (method == "GET" && Uri.UnescapeDataString(path).Contains($"ledger(PartitionKey='{projects[3]}'", StringComparison.Ordinal))
            {
                throw new IOException("The row cannot be read.");
            }
        };
        await app.Get<BillingService>().ChargeAllAsync(CancellationToken.None);
        app.Storage.Sent = null;
        var ledger = app.Get<LedgerStore>();
        Assert.Equal(
            projects.Select((_, i) => i == 3 ? 0 : -1_000L),
            await Task.WhenAll(projects.Select(project => ledger.BalanceAsync(project, CancellationToken.None))));

        clock.Advance(TimeSpan.FromHours(1));
        var requests = await CountAsync(app, () => app.Get<BillingService>().ChargeAllAsync(CancellationToken.None));

        Assert.Equal(-1_000L, await ledger.BalanceAsync(projects[3], CancellationToken.None));
        Assert.DoesNotContain(requests, request => request.Contains(projects[0], StringComparison.Ordinal));
    }

    /// <summary>No new day begins by itself in the middle of a test: the clock stands at eight in the morning.</summary>
    private void ToNextMorning()
    {
        var now = clock.GetUtcNow();
        clock.Advance(now.Date.AddDays(1).AddHours(8) - now.UtcDateTime);
    }

    private static async Task<List<string>> CountAsync(VoxApp app, Func<Task> act)
    {
        var requests = new ConcurrentQueue<string>();
        app.Storage.Sent = (method, path) => requests.Enqueue($"{method} {Uri.UnescapeDataString(path)}");
        await act();
        app.Storage.Sent = null;
        TestContext.Current.TestOutputHelper?.WriteLine($"{requests.Count} requests");
        return [.. requests];
    }

    private async Task<VoxApp> StartAsync()
    {
        ToNextMorning();
        return await VoxApp.StartAsync(
            backends,
            [
                "Billing:UserPrices=*:3", "Mail:Folder=", "Logging:LogLevel:Vox=None",
                .. new[] { "ChargeProjects", "FoldUsage", "RepairChatLog", "ExpirePresence", "ReconcileGroups", "SendPendingMail" }
                    .Concat(["ResumeProjectDeletions", "ResumeUserDeletions", "SweepUploads", "SweepPortal", "ApplyLogRetention"])
                    .Select(timer => $"AzureWebJobs.{timer}.Disabled=true"),
            ],
            builder => builder.Services.AddSingleton<TimeProvider>(clock));
    }
}
