using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.ChatLogs;
using Vox.Chat.Model;
using Vox.Chat.People;
using Vox.Portal.Billing;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Faults;

/// <summary>Machines whose clocks are moved ahead and back while they work.</summary>
public sealed class ClockTests(Backends backends, PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    [Promise("VOX-M2")]
    public async Task Send_ClocksJumpBackAndForth_GaplessTimesNeverFallAndTheLogAgrees()
    {
        var random = TestRun.Random();
        var prefix = VoxApp.NewTablePrefix();
        string[] impatient = ["ChatLog:SilenceSeconds=3", "ChatLog:HeartbeatSeconds=1", "Conversations:CommitSeconds=120"];
        var clocks = new[] { new WallClock(), new WallClock() };
        await using var one = await StartAsync(clocks[0]);
        await using var two = await StartAsync(clocks[1]);
        var project = await one.CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        var perSender = TestRun.IsLong ? 1_000 : 25;
        using var done = new CancellationTokenSource();
        var jumping = Task.Run(async () =>
        {
            for (var jumps = 0; !done.IsCancellationRequested || jumps < 10; jumps++)
            {
                var which = random.Next(0, 2);
                var to = random.Next(-3_600, 3_600);
                clocks[which].Away = TimeSpan.FromSeconds(to);
                if (random.OneIn(4))
                {
                    await (random.OneIn(2) ? one : two).Get<ChatLogRepair>().RunAsync(CancellationToken.None);
                }

                await Task.Delay(20);
            }
        });
        var sent = await Task.WhenAll(Enumerable.Range(0, 8).Select(sender => Task.Run(async () =>
        {
            var (from, to) = sender % 2 == 0 ? (alice, "bob") : (bob, "alice");
            for (var n = 0; n < perSender; n++)
            {
                using var response = await from.PostChatAsync(to, $"text {sender} {n}", $"{sender}-{n}", sender / 2 % 2 == 0 ? one : two);
                Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
            }

            return perSender;
        })));
        await done.CancelAsync();
        await jumping;

        var key = await alice.ConversationOfAsync(bob);
        var messages = await one.ReadConversationAsync(key);
        Assert.Equal(sent.Sum(), messages.Count);
        await one.AssertLogIsAsync(
            project.Id, messages.Select(message => (key, message)), 120, () => two.Get<ChatLogRepair>().RunAsync(CancellationToken.None));

        Task<VoxApp> StartAsync(WallClock clock) =>
            VoxApp.StartAsync(backends, impatient, builder => builder.Services.AddSingleton<TimeProvider>(clock), prefix);
    }

    [Fact]
    [Promise("VOX-M5")]
    public async Task Send_ClockWasSetBackAndTheProcessDies_IsLoggedAllTheSame()
    {
        var (clock, faults, prefix) = (new WallClock { Away = TimeSpan.FromHours(1) }, new StorageFaults(), VoxApp.NewTablePrefix());
        string[] impatient = ["ChatLog:SilenceSeconds=3", "ChatLog:HeartbeatSeconds=1", "Storage:Retries=0", "Logging:LogLevel:Vox=None"];
        await using var dying = await VoxApp.StartAsync(
            backends, impatient,
            builder => builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<HttpPipelinePolicy>(faults), prefix);
        await using var other = await VoxApp.StartAsync(backends, impatient, tablePrefix: prefix);
        var project = await dying.CreateProjectAsync();
        var (alice, bob, carol) = (
            await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"), await project.CreateUserAsync("carol"));
        await alice.SendChatAsync("bob", "an hour ahead", "1");
        await dying.SettleAsync(project.Id);
        var marks = other.Get<ChatLogMarkStore>();
        while ((await marks.ListWritersAsync(CancellationToken.None)).Exists(
            w => w.LoggedThrough < TimeProvider.System.GetUtcNow().AddMinutes(30).ToUnixTimeMilliseconds()))
        {
            await Task.Delay(50);
        }

        clock.Away = TimeSpan.Zero;
        faults.Choose = request => request.Contains("chatlog", StringComparison.Ordinal) ? Fault.BrokenBefore : Fault.None;
        await alice.SendChatAsync("carol", "at the right time", "2");
        faults.Choose = _ => Fault.BrokenBefore;

        var (with, next) = (await AtAsync(bob), await AtAsync(carol));
        var messages = (await other.ReadConversationAsync(with)).Select(m => (with, m))
            .Concat((await other.ReadConversationAsync(next)).Select(m => (next, m)));
        await other.AssertLogIsAsync(project.Id, messages, 120, () => other.Get<ChatLogRepair>().RunAsync(CancellationToken.None));
        faults.Choose = null;

        // The dying process does not answer any more.
        Task<ConversationKey> AtAsync(TestUser user) =>
            (alice with { Project = project with { App = other } }).ConversationOfAsync(user);
    }

    [Fact]
    [Promise("VOX-R3")]
    public async Task Charge_ClockSetBackAndForward_EveryDayOnce()
    {
        var clock = TimerTests.Noon();
        await using var app = await portal.StartAsync(clock, settings: "Billing:UserPrices=*:3");
        using var client = await portal.NewDeveloperAsync(app);
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var project = new TestProject(app, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        await project.CreateUserAsync("alice");
        var billing = app.Get<BillingService>();
        foreach (var days in (int[])[3, -2, 1, -1, 4, -5, 5])
        {
            clock.Advance(TimeSpan.FromDays(days));
            await Task.WhenAll(billing.ChargeAllAsync(CancellationToken.None), billing.ChargeAllAsync(CancellationToken.None));
        }

        var charges = await app.Get<LedgerStore>().ReadAsync(project.Id, null, 1_000, CancellationToken.None);
        Assert.Equal(5, charges.Count);
        Assert.Equal(5, charges.Select(charge => charge.Detail[..10]).Distinct().Count());
    }

    [Fact]
    [Promise("VOX-P1")]
    public async Task Presence_OneInstancesClockIsAheadAndBackAgain_WhoGivesSignsOfLifeIsOnline()
    {
        var clock = new ShiftedTime();
        var prefix = VoxApp.NewTablePrefix();
        await using var right = await VoxApp.StartAsync(backends, tablePrefix: prefix);
        await using var wrong = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock), tablePrefix: prefix);
        var alice = new UserIdentity((await right.CreateProjectAsync()).Id, "alice", "the uid of alice is long");
        var store = right.Get<PresenceStore>();
        await BeatAsync(right);

        clock.Advance(TimeSpan.FromHours(1));
        await wrong.Get<PresenceService>().ExpireAsync(CancellationToken.None);
        Assert.False(await store.IsOnlineAsync(alice, CancellationToken.None));
        await BeatAsync(right);
        Assert.True(await store.IsOnlineAsync(alice, CancellationToken.None));

        // A lease from a clock that is behind ends early. A lease from a clock that is ahead ends late. The next sign of life corrects it.
        clock.Advance(TimeSpan.FromHours(-2));
        await BeatAsync(wrong);
        await right.Get<PresenceService>().ExpireAsync(CancellationToken.None);
        await BeatAsync(right);
        await right.Get<PresenceService>().ExpireAsync(CancellationToken.None);
        Assert.True(await store.IsOnlineAsync(alice, CancellationToken.None));

        Task BeatAsync(VoxApp app) => app.Get<PresenceService>().RenewAsync(alice, "", "c1", CancellationToken.None);
    }

    /// <summary>Only the time of day is moved. The measurement of durations is not affected.</summary>
    private sealed class WallClock : TimeProvider
    {
        private long away;

        public TimeSpan Away
        {
            get => TimeSpan.FromTicks(Interlocked.Read(ref away));
            set => Interlocked.Exchange(ref away, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Away;
    }
}
