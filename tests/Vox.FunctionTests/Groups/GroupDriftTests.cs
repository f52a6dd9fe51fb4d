using Vox.Conversations;
using Vox.Groups;
using Vox.Local.DevTools;
using Vox.Local.SignalR;
using Vox.Tests.Fixture;
using static Vox.Tests.Groups.GroupWorld;

namespace Vox.Tests.Groups;

/// <summary>The members' table, the users' lists and the live groups come together again, whatever went wrong in between.</summary>
public sealed class GroupDriftTests(Backends backends) : IAsyncLifetime
{
    private readonly int port = FreePort.Find();
    private SignalREmulator service = null!;

    public async ValueTask InitializeAsync() => service = await StartServiceAsync();

    public async ValueTask DisposeAsync() => await service.DisposeAsync();

    [Fact]
    public async Task ReconcileGroups_ServiceWasAway_ThoseWhoCameAndWentAreInAndOutAgain()
    {
        await using var app = await StartAppAsync();
        var world = await WorldAsync(app, "alice", "bob", "carol");
        var group = await world.CreateGroupAsync("alice", "carol");
        service.Intercept = Refuse;

        // What concerns oneself, and what lets others in, does not wait for the service.
        Assert.Equal("ok", await world.AddAsync("alice", group, "bob"));
        Assert.Equal("ok", await world.LeaveAsync("carol", group));
        Assert.Equal("alice:owner bob:member", await world.MembersAsync("alice", group));
        Assert.Equal((false, true), (await world.IsJoinedAsync("bob", group), await world.IsJoinedAsync("carol", group)));
        service.Intercept = null;
        await ReconcileAsync(app);

        await world.AgreeAsync(group, "alice", "bob", "carol");
        await using var live = await world["bob"].ConnectAsync();
        await world["alice"].SendMessageAsync(group, "hello");
        Assert.Equal("hello", Text(await live.NextMessageAsync(), "data"));
        Assert.Empty(await app.Get<GroupWorkStore>().FindAsync(TimeSpan.Zero, default));
    }

    [Fact]
    public async Task Remove_ServiceIsAway_RefusedAndNothingHasChanged()
    {
        await using var app = await StartAppAsync();
        var world = await WorldAsync(app, "alice", "bob");
        var group = await world.CreateGroupAsync("alice", "bob");
        service.Intercept = Refuse;

        Assert.Equal("503 realtime_unavailable", await world.RemoveAsync("alice", group, "bob"));

        Assert.Equal("alice:owner bob:member", await world.MembersAsync("alice", group));
        Assert.Equal("ok", await world.SendAsync("bob", group, "still here"));
        service.Intercept = null;
        await ReconcileAsync(app);
        await world.AgreeAsync(group, "alice", "bob");
        Assert.Equal("ok", await world.RemoveAsync("alice", group, "bob"));
        await world.AgreeAsync(group, "alice", "bob");
    }

    [Fact]
    public async Task ReconcileGroups_GroupDeletedWhileTheServiceWasAway_IsInNobodysListAndLiveForNobody()
    {
        await using var app = await StartAppAsync();
        var world = await WorldAsync(app, "alice", "bob");
        var group = await world.CreateGroupAsync("alice", "bob");
        service.Intercept = Refuse;

        Assert.Equal("ok", await world.DeleteAsync("alice", group));
        service.Intercept = null;
        await ReconcileAsync(app);

        await world.AgreeAsync(group, "alice", "bob");
        Assert.Empty(await app.Get<GroupWorkStore>().FindAsync(TimeSpan.Zero, default));
    }

    [Fact]
    public async Task Connect_ServiceHasForgottenItsGroups_JoinsAgain()
    {
        await using var app = await StartAppAsync();
        var world = await WorldAsync(app, "alice", "bob");
        var (one, two) = (await world.CreateGroupAsync("alice", "bob"), await world.CreateGroupAsync("alice", "bob"));
        await world["alice"].SendMessageAsync(one, "before");
        await FreshNoMoreAsync(app, world, one, two);

        await service.DisposeAsync();
        service = await StartServiceAsync();
        service.SetUpstream(new Uri(app.Address, "/runtime/webhooks/signalr?code=local-signalr-key").ToString());
        Assert.Equal((false, false), (await world.IsJoinedAsync("bob", one), await world.IsJoinedAsync("bob", two)));
        await using var live = await world["bob"].ConnectAsync();
        Assert.Equal((true, true), (await world.IsJoinedAsync("bob", one), await world.IsJoinedAsync("bob", two)));

        await world["alice"].SendMessageAsync(two, "after");
        Assert.Equal("after", Text(await live.NextMessageAsync(), "data"));
    }

    [Fact]
    public async Task ReconcileGroups_ProcessKilledInTheMiddleOfChanges_EndsInOneState()
    {
        await using var app = await StartAppAsync();
        string[] users = ["alice", "bob", "carol", "dave", "erin"];
        var world = await WorldAsync(app, users);
        var groups = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.CreateGroupAsync("alice", "bob")));
        for (var round = 0; round < 3; round++)
        {
            await using var mortal = await VoxProcess.StartAsync(backends, app.TablePrefix, "AzureSignalRConnectionString=" + service.ConnectionString);
            using var done = new CancellationTokenSource();
            var answered = 0;
            var changing = Task.WhenAll(groups.Select(group => Task.Run(async () =>
            {
                for (var n = 0; !done.IsCancellationRequested; n++)
                {
                    var user = users[1 + (n % 4)];
                    try
                    {
                        using var request = n % 2 == 0
                            ? world.Request("alice", HttpMethod.Post, $"/api/v1/groups/{group}/members", new { ids = users[1..] })
                            : world.Request("alice", HttpMethod.Delete, $"/api/v1/groups/{group}/members?id={user}");
                        using var response = await mortal.Http.SendAsync(request);
                        Interlocked.Increment(ref answered);
                    }
                    catch (HttpRequestException)
                    {
                        // Killed.
                    }
                }
            })));
            while (Volatile.Read(ref answered) < 10 + (7 * round))
            {
                await Task.Delay(1);
            }

            await mortal.KillAsync();
            await done.CancelAsync();
            await changing;
        }

        await ReconcileAsync(app);

        foreach (var group in groups)
        {
            await world.AgreeAsync(group, users);
        }
    }

    [Fact]
    public async Task ReconcileGroups_IsATimerThatLooksForWhatIsOld()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await VoxApp.StartAsync(backends, time, ["AzureSignalRConnectionString=" + service.ConnectionString, "Groups:RepairAfterSeconds=60", "Realtime:PushMilliseconds=100"]);
        var key = new ConversationKey("pid_x", ConversationKey.NewGroup("pid_x").Id);
        var work = app.Get<GroupWorkStore>();
        await work.NoteAsync(key, ["bob"], default);
        await work.NoteAllAsync(key, default);

        await app.Get<GroupLive>().ReconcileAsync(TimeSpan.FromSeconds(60), default);
        Assert.Equal(2, (await work.FindAsync(TimeSpan.Zero, default)).Count);
        time.Advance(TimeSpan.FromSeconds(61));
        await app.Get<GroupLive>().ReconcileAsync(TimeSpan.FromSeconds(60), default);
        Assert.Empty(await work.FindAsync(TimeSpan.Zero, default));

        var timer = typeof(GroupFunctions).GetMethod(nameof(GroupFunctions.ReconcileGroups))!.GetParameters()[0]
            .GetCustomAttributes(typeof(Microsoft.Azure.Functions.Worker.TimerTriggerAttribute), false);
        Assert.Equal("45 * * * * *", ((Microsoft.Azure.Functions.Worker.TimerTriggerAttribute)Assert.Single(timer)).Schedule);
    }

    private static Task<bool> Refuse(Microsoft.AspNetCore.Http.HttpContext context)
    {
        // Not the tests' own look at who is joined.
        if (context.Request.Method == "HEAD")
        {
            return Task.FromResult(false);
        }

        context.Response.StatusCode = 503;
        return Task.FromResult(true);
    }

    /// <summary>Who has just become a member is not joined by a connection: whoever added him does it.</summary>
    private static async Task FreshNoMoreAsync(VoxApp app, GroupWorld world, params string[] groups)
    {
        var store = app.Get<GroupStore>();
        foreach (var group in groups)
        {
            while ((await store.FindMemberAsync(new(world.Project.Id, group), "bob", default))!.JoinedAt + 700 > TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds())
            {
                await Task.Delay(20);
            }
        }
    }

    private Task<SignalREmulator> StartServiceAsync() =>
        SignalREmulator.StartAsync(new SignalREmulatorOptions { Port = port }, CancellationToken.None);

    private Task<VoxApp> StartAppAsync() =>
        VoxApp.StartAsync(backends, ["AzureSignalRConnectionString=" + service.ConnectionString, "Realtime:PushMilliseconds=100"]);

    private async Task<GroupWorld> WorldAsync(VoxApp app, params string[] users) =>
        (await GroupWorld.CreateAsync(backends, app, users)) with { SignalR = service.ConnectionString };

    private static async Task ReconcileAsync(VoxApp app)
    {
        await app.Get<GroupLive>().ReconcileAsync(TimeSpan.Zero, default);
        await app.SettleAsync("");
    }
}
