using Vox.Chat.Conversations.Groups;
using Vox.Chat.Model;
using Vox.DevHost.DevTools;
using Vox.Platform.ErrorCatalogue;
using Vox.SignalREmulation;
using Vox.Tests.Fixture;
using static Vox.Tests.Groups.GroupWorld;

namespace Vox.Tests.Groups;

/// <summary>The members' table, the users' lists and the live groups agree again, whatever went wrong in between.</summary>
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

        // Leaving a group, and adding others to it, do not wait for the service.
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
    [Promise("VOX-R1")]
    public async Task ReconcileGroups_ProcessKilledBetweenTheTableAndTheLiveGroup_FinishesItsWork()
    {
        await using var app = await StartAppAsync();
        var world = await WorldAsync(app, "alice", "bob");
        var group = await world.CreateGroupAsync("alice");
        var (called, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        service.Intercept = async context =>
        {
            if (context.Request.Method == "PUT")
            {
                called.TrySetResult();
                await go.Task;
            }

            return false;
        };
        await using (var mortal = await VoxProcess.StartAsync(
            backends, app.TablePrefix, "AzureSignalRConnectionString=" + service.ConnectionString, "Realtime:PushMilliseconds=10000"))
        {
            using var request = world.Request("alice", HttpMethod.Post, $"/api/v1/groups/{group}/members", new { ids = new[] { "bob" } });
            var adding = mortal.Http.SendAsync(request);
            await called.Task;
            await mortal.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => adding);
        }

        service.Intercept = null;
        Assert.Equal("alice:owner bob:member", await world.MembersAsync("alice", group));
        Assert.NotEmpty(await app.Get<GroupWorkStore>().FindAsync(TimeSpan.Zero, default));
        Assert.False(await world.IsJoinedAsync("bob", group));

        await ReconcileAsync(app);

        go.SetResult();
        await world.AgreeAsync(group, "alice", "bob");
        Assert.Empty(await app.Get<GroupWorkStore>().FindAsync(TimeSpan.Zero, default));
    }

    [Fact]
    [Promise("VOX-P2")]
    public async Task ReconcileGroups_ProcessKilledInTheMiddleOfChanges_EndsInOneState()
    {
        await using var app = await StartAppAsync();
        string[] users = ["alice", "bob", "carol", "dave", "erin"];
        var world = await WorldAsync(app, users);
        var groups = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.CreateGroupAsync("alice", "bob")));
        for (var round = 0; round < 3; round++)
        {
            await using var mortal = await VoxProcess.StartAsync(
                backends, app.TablePrefix, "AzureSignalRConnectionString=" + service.ConnectionString);
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
        await using var app = await StartAppAsync();
        var key = new ConversationKey("pid_x", ConversationKey.NewGroup("pid_x").Id);
        var work = app.Get<GroupWorkStore>();
        await work.NoteAsync(key, [Member(key, "bob")], TimeSpan.Zero);
        await work.NoteAllAsync(key, default);

        await app.Get<GroupReconciler>().RunAsync(TimeSpan.FromHours(1), default);
        Assert.Equal(2, (await work.FindAsync(TimeSpan.Zero, default)).Count);
        await app.Get<GroupReconciler>().RunAsync(TimeSpan.Zero, default);
        Assert.Empty(await work.FindAsync(TimeSpan.Zero, default));

        var timer = typeof(GroupFunctions).GetMethod(nameof(GroupFunctions.ReconcileGroups))!.GetParameters()[0]
            .GetCustomAttributes(typeof(Microsoft.Azure.Functions.Worker.TimerTriggerAttribute), false);
        Assert.Equal("45 * * * * *", ((Microsoft.Azure.Functions.Worker.TimerTriggerAttribute)Assert.Single(timer)).Schedule);
    }

    [Fact]
    public async Task Join_WhileItIsUnderWay_NobodyBeginsToRemoveTheUser()
    {
        await using var app = await VoxApp.StartAsync(
            backends, ["AzureSignalRConnectionString=" + service.ConnectionString, "Realtime:PushMilliseconds=10000"]);
        service.SetUpstream(new Uri(app.Address, "/runtime/webhooks/signalr?code=local-signalr-key").ToString());
        var world = await WorldAsync(app, "alice", "bob");
        var group = await world.CreateGroupAsync("alice");
        var key = new ConversationKey(world.Project.Id, group);
        var work = app.Get<GroupWorkStore>();

        // Let in by the user who adds them.
        var adding = await HoldAsync(() => world.AddAsync("alice", group, "bob"));
        await Assert.ThrowsAsync<VoxException>(() => work.NoteAsync(key, [world["bob"].Identity], TimeSpan.Zero));
        Assert.Equal("ok", await adding());
        Assert.Equal("ok", await world.RemoveAsync("alice", group, "bob"));
        Assert.Equal("ok", await world.AddAsync("alice", group, "bob"));

        // Let in by their own connection, because the service has forgotten them.
        await service.DisposeAsync();
        service = await StartServiceAsync();
        service.SetUpstream(new Uri(app.Address, "/runtime/webhooks/signalr?code=local-signalr-key").ToString());
        var connecting = await HoldAsync(() => world["bob"].ConnectAsync());
        await Assert.ThrowsAsync<VoxException>(() => work.RejoinedAsync(world["bob"].Identity, TimeSpan.Zero));
        await using var live = await connecting();
        Assert.Equal("ok", await world.RemoveAsync("alice", group, "bob"));
        Assert.False(await world.IsJoinedAsync("bob", group));

        // Begins the operation, and returns when it is about to let somebody into the live group. The returned function lets it go on.
        async Task<Func<Task<T>>> HoldAsync<T>(Func<Task<T>> begin)
        {
            var (called, go) = (new TaskCompletionSource(), new TaskCompletionSource());
            service.Intercept = async context =>
            {
                if (context.Request.Method == "PUT" && context.Request.Path.Value!.Contains("/users/", StringComparison.Ordinal))
                {
                    called.TrySetResult();
                    await go.Task;
                }

                return false;
            };
            var running = begin();
            await called.Task;
            return () =>
            {
                service.Intercept = null;
                go.SetResult();
                return running;
            };
        }
    }

    [Fact]
    public async Task Note_OfAMemberThatSomebodyIsAt_WaitsUntilTheyHaveDone()
    {
        await using var app = await StartAppAsync();
        var key = new ConversationKey("pid_x", ConversationKey.NewGroup("pid_x").Id);
        var work = app.Get<GroupWorkStore>();
        var (alice, bob) = (Member(key, "alice"), Member(key, "bob"));
        var first = Assert.Single(await work.NoteAsync(key, [bob], TimeSpan.Zero));
        var claimed = await work.ClaimAsync(first, TimeProvider.System.GetUtcNow().AddMinutes(5));

        await Assert.ThrowsAsync<VoxException>(() => work.NoteAsync(key, [alice, bob], TimeSpan.Zero));
        var waiting = work.NoteAsync(key, [alice, bob], TimeSpan.FromMinutes(1));
        Assert.Null(await work.ClaimAsync(first, TimeProvider.System.GetUtcNow()));
        await work.DoneAsync(claimed!, default);

        Assert.Equal([alice, bob], (await waiting).Select(item => item.Member!.Value));
        Assert.Null(await work.ClaimAsync(claimed!, TimeProvider.System.GetUtcNow()));
        await work.BeginRejoinAsync(bob, "1", TimeProvider.System.GetUtcNow().AddMinutes(5));
        await Assert.ThrowsAsync<VoxException>(() => work.RejoinedAsync(bob, TimeSpan.Zero));
        var rejoined = work.RejoinedAsync(bob, TimeSpan.FromMinutes(1));
        await work.EndRejoinAsync(bob, "1");
        await rejoined;
    }

    private static UserIdentity Member(ConversationKey key, string loginId) => new(key.ProjectId, loginId, "uid-of-" + loginId);

    private static Task<bool> Refuse(Microsoft.AspNetCore.Http.HttpContext context)
    {
        // HEAD is the tests' own question of who has joined. It is not refused.
        if (context.Request.Method == "HEAD")
        {
            return Task.FromResult(false);
        }

        context.Response.StatusCode = 503;
        return Task.FromResult(true);
    }

    private Task<SignalREmulator> StartServiceAsync() =>
        SignalREmulator.StartAsync(new SignalREmulatorOptions { Port = port }, CancellationToken.None);

    private Task<VoxApp> StartAppAsync() =>
        VoxApp.StartAsync(backends, ["AzureSignalRConnectionString=" + service.ConnectionString, "Realtime:PushMilliseconds=1000"]);

    private async Task<GroupWorld> WorldAsync(VoxApp app, params string[] users) =>
        (await GroupWorld.CreateAsync(backends, app, users)) with { SignalR = service.ConnectionString };

    private static async Task ReconcileAsync(VoxApp app)
    {
        await app.Get<GroupReconciler>().RunAsync(TimeSpan.Zero, default);
        await app.SettleAsync("");
    }
}
