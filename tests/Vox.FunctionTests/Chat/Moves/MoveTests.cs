using System.Net;
using Vox.Chat.Conversations.Groups;
using Vox.Chat.Model;
using Vox.Chat.Moves;
using Vox.Chat.Projects;
using Vox.Portal;
using Vox.Portal.Accounts;
using Vox.Tests.Fixture;
using Vox.Tests.Tool;

namespace Vox.Tests.Moves;

/// <summary>Projects move from one SignalR service to another while they are in use.</summary>
public sealed class MoveTests(Backends backends) : IAsyncLifetime
{
    private MoveWorld world = null!;

    public async ValueTask InitializeAsync() => world = await MoveWorld.StartAsync(backends);

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Move_UnderLoadThroughTwoApps_LosesNothingAndDoublesNothing()
    {
        var (names, sessions, group) = await GroupAsync(6);
        var followers = await Task.WhenAll(sessions.Select((session, i) =>
            Follower.StartAsync(session with { App = i % 2 == 0 ? world.App : world.Other }, group)));
        var sent = new List<string>();
        using var stop = new CancellationTokenSource();
        var load = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var through = i % 2 == 0 ? world.App : world.Other;
                await world.SendAsync(() => SendAsync(sessions[i % names.Length] with { App = through }, group, $"{i}"));
                sent.Add($"{i}");
                await Task.Delay(10, CancellationToken.None);
            }
        });

        var begun = await world.MoveAsync(1);
        Assert.Equal(0, begun.GetProperty("movingFrom")[0].GetInt32());
        await world.RunTimersAsync();
        Assert.Equal(names.Length, world.Services[0].ConnectionCount);

        // Every process knows now; the timer closes connections, and clients come over.
        await world.JumpAsync(world.App.Get<MoveService>().Known);
        await world.RunTimersAsync();
        await AllOnAsync(1, names.Length);

        // The clock must not jump while a connection joins its groups anew: what takes longer than its lease is not done.
        await JoinedAsync(sessions, group);
        await world.FinishAsync(() => Task.WhenAll(followers.Select(follower => follower.BeatAsync())));
        await stop.CancelAsync();
        await load;
        Assert.InRange(sent.Count, 5, int.MaxValue);

        await Task.WhenAll(followers.Select(follower => follower.HasAsync(sent.Count)));
        Assert.All(followers, follower => Assert.Equal(sent.Order(StringComparer.Ordinal), follower.Texts.Order(StringComparer.Ordinal)));
        Assert.All(followers, follower => Assert.Equal(0, follower.Doubled));
        Assert.All(followers, follower => Assert.InRange(follower.Connections, 2, 4));
        Assert.Equal(0, world.Services[0].ConnectionCount);

        // From now on the old service gets nothing.
        await world.JumpAsync(world.App.Get<MoveService>().Known);
        var before = world.Services[0].Counters.Sends;
        await sessions[0].SendMessageAsync(group, "last");
        await Task.WhenAll(followers.Select(follower => follower.HasAsync(sent.Count + 1)));
        await world.App.SettleAsync(world.Project.Id);
        Assert.Equal(before, world.Services[0].Counters.Sends);
        await Task.WhenAll(followers.Select(follower => follower.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Move_BeforeEveryProcessKnows_NewConnectionsGoToTheOldServiceAndPushesToBoth()
    {
        var (names, sessions, group) = await GroupAsync(2);
        await using var bob = await sessions[1].ConnectAsync();
        await world.MoveAsync(1);

        await using var again = await sessions[1].ConnectAsync();
        Assert.Equal(2, world.Services[0].ConnectionCount);
        var before = world.Services.Select(service => service.Counters.SendsToGroups).ToArray();
        await sessions[0].SendMessageAsync(group, "to both");
        await again.NextMessageAsync();
        await world.App.SettleAsync(world.Project.Id);
        Assert.Equal(before.Select(count => count + 1), world.Services.Select(service => service.Counters.SendsToGroups));
        Assert.Equal(2, names.Length);
    }

    [Fact]
    public async Task Spread_OverBoth_TellsOnlyThoseWhoseServiceChanges()
    {
        var (names, sessions, group) = await GroupAsync(8);
        var followers = await Task.WhenAll(sessions.Select(session => Follower.StartAsync(session, group)));
        var moving = sessions.Count(session => ServicePlacement.Choose(session.RealtimeUser, [0, 1]) == 1);

        await world.MoveAsync(0, 1);
        await world.JumpAsync(world.App.Get<MoveService>().Known);
        await world.RunTimersAsync();
        await AllOnAsync(1, moving);

        Assert.Equal(names.Length - moving, world.Services[0].ConnectionCount);
        await Task.WhenAll(sessions.Zip(followers).Select(pair =>
            pair.Second.ConnectedAsync(ServicePlacement.Choose(pair.First.RealtimeUser, [0, 1]) == 1 ? 2 : 1)));

        await sessions[0].SendMessageAsync(group, "everywhere");
        await Task.WhenAll(followers.Select(follower => follower.HasAsync(1)));
        Assert.All(followers, follower => Assert.Equal(0, follower.Doubled));
        await Task.WhenAll(followers.Select(follower => follower.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Move_ByTheOperatorsTool_SaysHowFarItIsAndIsInTheAuditLog()
    {
        var begun = await ToolRun.OfAsync(world.App, "projects", "move", world.Project.Id, "1");
        Assert.True(begun.Exit == 0, begun.Error);
        Assert.Matches(@"Services +1\s+Moving from +0\s", begun.Output);
        await world.FinishAsync(() => Task.CompletedTask);

        var there = await ToolRun.OfAsync(world.App, "projects", "services", world.Project.Id);
        Assert.Matches(@"Services +1\s+There are +0, 1", there.Output);
        var page = await world.App.Get<AuditStore>().ReadAsync(
            PortalKeys.ProjectAudit(world.Project.Id), null, 10, TestContext.Current.CancellationToken);
        Assert.Contains(
            page.Entries, entry => (entry.Who, entry.Action, entry.Detail) == ("operator", "project.moved", "SignalR services: 1"));
        var unknown = await ToolRun.OfAsync(world.App, "projects", "move", world.Project.Id, "0", "7");
        Assert.Contains("(invalid_field)", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Move_TurnedBack_ClientsStayWhereTheyAre()
    {
        var (names, sessions, group) = await GroupAsync(3);
        var followers = await Task.WhenAll(sessions.Select(session => Follower.StartAsync(session, group)));
        await world.MoveAsync(1);

        var back = await world.MoveAsync(0);
        Assert.Equal(0, back.GetProperty("services")[0].GetInt32());
        await world.FinishAsync(() => Task.WhenAll(followers.Select(follower => follower.BeatAsync())));

        Assert.Equal(names.Length, world.Services[0].ConnectionCount);
        Assert.All(followers, follower => Assert.Equal(1, follower.Connections));
        await Task.WhenAll(followers.Select(follower => follower.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task MovedBackLater_WhoHasLeftTheGroupMeanwhile_GetsNothingOfIt()
    {
        var (names, sessions, group) = await GroupAsync(3);
        await using (await sessions[1].ConnectAsync())
        {
        }

        await world.MoveAsync(1);
        await world.FinishAsync(() => Task.CompletedTask);
        using (var removed = await sessions[0].SendAsync(new(HttpMethod.Delete, $"/api/v1/groups/{group}/members?id={names[1]}")))
        {
            Assert.True(removed.IsSuccessStatusCode);
        }

        await world.MoveAsync(0);
        await world.JumpAsync(world.App.Get<MoveService>().Known);
        await using var gone = await sessions[1].ConnectAsync();
        await using var stays = await sessions[2].ConnectAsync();
        await sessions[0].SendMessageAsync(group, "secret");

        Assert.Equal("secret", (await stays.NextMessageAsync()).GetProperty("data").GetString());
        Assert.False(gone.Has("message"));
    }

    [Fact]
    public async Task Move_OldServiceDoesNotAnswer_GoesOnWithoutIt()
    {
        var (_, sessions, group) = await GroupAsync(2);
        await using var follower = await Follower.StartAsync(sessions[1], group);
        world.Services[0].Intercept = context =>
        {
            context.Response.StatusCode = 500;
            return Task.FromResult(true);
        };

        await world.MoveAsync(1);
        for (var i = 0; i < 12 && (await world.ReadAsync()).GetProperty("movingFrom").GetArrayLength() > 0; i++)
        {
            await follower.BeatAsync();
            await world.JumpAsync(TimeSpan.FromMinutes(2));
            await world.App.Get<MoveRun>().RunAsync(CancellationToken.None);
            await world.JumpAsync(TimeSpan.FromMinutes(10));
        }

        Assert.Empty((await world.ReadAsync()).GetProperty("movingFrom").EnumerateArray());
    }

    [Fact]
    public async Task Move_ToWhatMakesNoSense_IsRefusedAndChangesNothing()
    {
        await world.CallAsync(HttpMethod.Put, [7]).ProblemAsync("invalid_field", "services");
        await world.CallAsync(HttpMethod.Put, []).ProblemAsync("missing_field", "services");
        using (var nobody = await world.App.Http.PutAsync(
            $"/api/operator/v1/projects/{world.Project.Id}/services", null, TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        }

        Assert.Equal(0, (await world.ReadAsync()).GetProperty("services")[0].GetInt32());
        await world.MoveAsync(0);
        Assert.Empty(await world.App.Get<MoveStore>().ReadAsync(CancellationToken.None));

        await world.MoveAsync(1);
        await world.CallAsync(HttpMethod.Put, [0, 1]).ProblemAsync("move_under_way");
        Assert.Equal([0, 1], (await world.ReadAsync()).GetProperty("available").EnumerateArray().Select(number => number.GetInt32()));
    }

    [Fact]
    public async Task Run_ProjectDeletedMeanwhile_ForgetsTheMove()
    {
        await world.MoveAsync(1);
        await world.App.Get<ProjectRemoval>().BeginAsync(world.Project.Id, CancellationToken.None);
        await world.App.Get<ProjectRemoval>().ResumeAsync(CancellationToken.None);

        Assert.Empty(await world.App.Get<MoveStore>().ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Move_RequestEndedBetweenItsTwoSteps_TheSameRequestLetsItGoOn()
    {
        await world.MoveAsync(1);
        await world.App.Get<MoveStore>().RemoveAsync(world.Project.Id, CancellationToken.None);
        await world.JumpAsync(TimeSpan.FromHours(1));
        await world.RunTimersAsync();
        Assert.NotEmpty((await world.ReadAsync()).GetProperty("movingFrom").EnumerateArray());

        await world.MoveAsync(1);

        await world.FinishAsync(() => Task.CompletedTask);
    }

    [Fact]
    public async Task Run_NoteWasWrittenAnewMeanwhile_KeepsIt()
    {
        var store = world.App.Get<MoveStore>();
        await world.MoveAsync(1);
        var seen = Assert.Single(await store.ReadAsync(CancellationToken.None));
        await store.BeginAsync(world.Project.Id, default, CancellationToken.None);

        await store.RemoveAsync(seen, CancellationToken.None);

        Assert.Single(await store.ReadAsync(CancellationToken.None));
    }

    /// <summary>Tries again when the answer is that it may, as clients do.</summary>
    private static async Task SendAsync(TestSession session, string group, string text)
    {
        while (true)
        {
            using var response = await session.PostAsync("/api/v1/messages", new { to = group, data = text, clientMessageId = text });
            if (response.IsSuccessStatusCode)
            {
                return;
            }

            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }
    }

    private async Task<(string[] Names, TestSession[] Sessions, string Group)> GroupAsync(int count)
    {
        var names = Enumerable.Range(0, count).Select(i => $"user{i}").ToArray();
        var sessions = await Task.WhenAll(names.Select(async name => await (await world.Project.CreateUserAsync(name)).LogInAsync()));
        var made = await sessions[0].PostJsonAsync("/api/v1/groups", new { name = "All", members = names.Skip(1) });
        return (names, sessions, made.GetProperty("id").GetString()!);
    }

    private async Task AllOnAsync(int service, int count)
    {
        await Follower.WaitAsync(() => world.Services[service].ConnectionCount >= count);
        Assert.Equal(count, world.Services[service].ConnectionCount);
    }

    private async Task JoinedAsync(IReadOnlyList<TestSession> sessions, string group)
    {
        var (live, key) = (world.App.Get<LiveMembership>(), new ConversationKey(world.Project.Id, group));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        foreach (var session in sessions)
        {
            while (await live.ContainsAsync(key, session.Identity) != true)
            {
                await Task.Delay(20, limit.Token);
            }
        }
    }
}
