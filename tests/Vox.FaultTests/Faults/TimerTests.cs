using System.Reflection;
using Azure.Core.Pipeline;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Billing;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Faults;

/// <summary>
/// The platform runs a timer on one instance, and sometimes on two: after a lease was lost, or when somebody starts it by hand. The test
/// finds every timer of the app automatically, so a new timer is included.
/// </summary>
public sealed class TimerTests(Backends backends, PortalApp portal) : IClassFixture<PortalApp>
{
    private const int Days = 4;

    private static readonly (Type Type, MethodInfo Method)[] Timers =
    [
        .. from type in typeof(Program).Assembly.GetExportedTypes()
           from method in type.GetMethods()
           where method.GetParameters().Any(parameter => parameter.IsDefined(typeof(TimerTriggerAttribute), inherit: false))
           select (type, method),
    ];

    [Fact]
    [Promise("VOX-R2")]
    public async Task EveryTimer_OnTwoInstancesAtOnceInTheMiddleOfEverything_DoesItsWorkOnce()
    {
        var clock = Noon();
        await using var one = await portal.StartAsync(clock, settings: "Billing:UserPrices=*:3");
        await using var two = await portal.StartAsync(clock, one.TablePrefix, "Billing:UserPrices=*:3");
        using var client = await portal.NewDeveloperAsync(one);
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var project = new TestProject(one, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var doomed = await client.PostJsonAsync("projects", new { name = "Doomed" });
        var key = await alice.ConversationOfAsync(bob);
        for (var n = 0; n < 20; n++)
        {
            using var _ = await alice.PostChatAsync("bob", $"text {n}", $"m{n}", n % 2 == 0 ? one : two);
        }

        await LeaveHalfDoneAsync(one, project, doomed.GetProperty("projectId").GetString()!);
        clock.Advance(TimeSpan.FromDays(Days));
        for (var round = 0; round < (TestRun.IsLong ? 40 : 2); round++)
        {
            await Task.WhenAll(((VoxApp[])[one, two]).SelectMany(app => Timers.Select(timer => Task.Run(() => RunAsync(app, timer)))));
            await alice.SendChatAsync("bob", $"round {round}", $"r{round}");
            clock.Advance(TimeSpan.FromMinutes(3));
        }

        // The day decides whether the 2 users and the one who was being deleted count. But each day is charged once, and on both sides of
        // the ledger.
        var ledger = one.Get<LedgerStore>();
        var charges = (await ledger.ReadAsync(project.Id, null, 1_000, CancellationToken.None)).FindAll(entry => entry.Kind == "charge");
        Assert.Equal(Days, charges.Count);
        Assert.Equal(Days, charges.Select(charge => charge.Detail[..10]).Distinct().Count());
        var lines = await ledger.AllLinesAsync(project.Id, CancellationToken.None);
        Assert.Equal((2 * Days, 0), (lines.Count, lines.Sum(line => line.Amount)));
        Assert.Equal(charges.Sum(charge => charge.Amount), await ledger.BalanceAsync(project.Id, CancellationToken.None));

        await one.SettleAsync(project.Id);
        await two.SettleAsync(project.Id);
        var messages = await one.ReadConversationAsync(key);
        await one.AssertLogIsAsync(project.Id, messages.Select(message => (key, message)), 20);
        Assert.Null(await one.Get<UserStore>().FindAsync(new(project.Id, "leaving"), CancellationToken.None));
        var users = one.Get<UserStore>();
        Assert.DoesNotContain(
            await users.PendingDeletionsAsync(DateTimeOffset.MaxValue, CancellationToken.None).ToListAsync(),
            deletion => deletion.SweepAt is null);
        var online = (await users.FindAsync(new(project.Id, "alice"), CancellationToken.None))!.Identity;
        Assert.False(await one.Get<PresenceStore>().IsOnlineAsync(online, CancellationToken.None));
    }

    [Fact]
    [Promise("VOX-R3")]
    public async Task Charge_StorageAnswersAnythingOnTwoInstances_EveryDayOnce()
    {
        var (clock, faults) = (Noon(), new StorageFaults());
        string[] settings = ["Billing:UserPrices=*:3", "Storage:Retries=0", "Logging:LogLevel:Vox=None"];
        await using var well = await portal.StartAsync(clock, settings: settings);
        await using var moody = await VoxApp.StartAsync(
            backends, settings, builder => builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<HttpPipelinePolicy>(faults),
            well.TablePrefix);
        using var client = await portal.NewDeveloperAsync(well);
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var project = new TestProject(well, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        await project.CreateUserAsync("alice");
        var random = TestRun.Random();
        var fates = Enum.GetValues<Fault>();
        var days = TestRun.IsLong ? 60 : 3;
        for (var day = 0; day < days; day++)
        {
            clock.Advance(TimeSpan.FromDays(1));
            faults.Choose = _ =>
            {
                lock (random)
                {
                    return random.OneIn(3) ? random.Of(fates) : Fault.None;
                }
            };
            for (var round = 0; round < 3; round++)
            {
                await Task.WhenAll(ChargeAsync(moody), ChargeAsync(moody), day % 2 == 0 ? ChargeAsync(well) : Task.CompletedTask);
            }
        }

        // What has failed is tried again when its pause is over.
        faults.Choose = null;
        clock.Advance(TimeSpan.FromHours(7));
        await well.Get<BillingService>().ChargeAllAsync(CancellationToken.None);
        var ledger = well.Get<LedgerStore>();
        var charges = (await ledger.ReadAsync(project.Id, null, 1_000, CancellationToken.None)).FindAll(entry => entry.Kind == "charge");
        Assert.Equal((days, days), (charges.Count, charges.Select(charge => charge.Detail[..10]).Distinct().Count()));
        var lines = await ledger.AllLinesAsync(project.Id, CancellationToken.None);
        Assert.Equal((2 * days, 0), (lines.Count, lines.Sum(line => line.Amount)));

        static async Task ChargeAsync(VoxApp app)
        {
            try
            {
                await app.Get<BillingService>().ChargeAllAsync(CancellationToken.None);
            }
            catch (Exception e)
                when (e is Azure.RequestFailedException or IOException or OperationCanceledException or AggregateException or VoxException)
            {
                // The change failed, or its answer was lost. The timer runs again.
            }
        }
    }

    /// <summary>
    /// Makes a user and a project whose deletion was interrupted, a connection that ended silently, and a log that was left behind.
    /// </summary>
    private static async Task LeaveHalfDoneAsync(VoxApp app, TestProject project, string doomedProject)
    {
        await project.CreateUserAsync("leaving");
        var users = app.Get<UserStore>();
        var leaving = (await users.FindAsync(new(project.Id, "leaving"), CancellationToken.None))!;
        await users.NoteDeletionAsync(leaving, null, CancellationToken.None);
        Assert.True(await users.TryReplaceAsync(leaving with { DeletedAt = leaving.CreatedAt }, CancellationToken.None));
        await app.Get<PresenceService>().RenewAsync(
            (await users.FindAsync(new(project.Id, "alice"), CancellationToken.None))!.Identity, "", "gone", CancellationToken.None);
        var projects = app.Get<ProjectStore>();
        var doomed = (await projects.FindAsync(doomedProject, CancellationToken.None))!;
        Assert.True(await projects.TryReplaceAsync(doomed with { DeletedAt = doomed.CreatedAt }, CancellationToken.None));
    }

    /// <summary>A clock that starts at noon, so that no new day begins by itself in the middle of a test.</summary>
    internal static ShiftedTime Noon()
    {
        var clock = new ShiftedTime();
        var now = clock.GetUtcNow();
        clock.Advance(now.Date.AddDays(1).AddHours(12) - now.UtcDateTime);
        return clock;
    }

    private static async Task RunAsync(VoxApp app, (Type Type, MethodInfo Method) timer)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var function = ActivatorUtilities.CreateInstance(scope.ServiceProvider, timer.Type);
        await (Task)timer.Method.Invoke(function, [new TimerInfo(), CancellationToken.None])!;
    }
}
