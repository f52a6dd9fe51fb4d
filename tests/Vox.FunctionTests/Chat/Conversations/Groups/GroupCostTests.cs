using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Tests.Fixture;
using static Vox.Tests.Groups.GroupWorld;

namespace Vox.Tests.Groups;

/// <summary>What a message to a group costs does not depend on the size of the group. The costs are counted, not timed.</summary>
public sealed class GroupCostTests(Backends backends)
{
    private sealed record Cost(long StorageRequests, string Functions, long SignalRSends, long ToGroups);

    [Fact]
    public async Task SendMessage_To500Members_CostsWhatItCostsTo3()
    {
        // The test has a SignalR service of its own, so that no other calls are counted. The service tells the app of connections, so those
        // would count too.
        await using var signalR = await Vox.SignalREmulation.SignalREmulator.StartAsync(new() { Port = 0 }, default);
        var executions = new Executions();
        await using var app = await VoxApp.StartAsync(backends, ["AzureSignalRConnectionString=" + signalR.ConnectionString], builder =>
        {
            builder.Services.AddSingleton(executions);
            builder.UseMiddleware<CountingMiddleware>();
        });
        signalR.SetUpstream(new Uri(app.Address, "/runtime/webhooks/signalr?code=local-signalr-key").ToString());
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob", "carol");
        var members = await CreateUsersAsync(world.Project, 497);
        var small = await world.CreateGroupAsync("alice", "bob", "carol");
        var large = await world.CreateGroupAsync("alice", ["bob", "carol", .. members]);
        Assert.Equal(500, (await world["bob"].GetJsonAsync($"/api/v1/groups/{large}")).GetProperty("members").GetArrayLength());
        await using var bob = await world["bob"].ConnectAsync();
        await using var carol = await world["carol"].ConnectAsync();
        var online = await Task.WhenAll(
            members.Take(20).Select(async name => await (await new TestUser(world.Project, name, "secret").LogInAsync()).ConnectAsync()));

        var toSmall = await MeasureAsync(small);
        var toLarge = await MeasureAsync(large);

        TestContext.Current.TestOutputHelper?.WriteLine($"To 3: {toSmall}\nTo 500: {toLarge}");
        Assert.Equal(toSmall, toLarge);
        Assert.Equal(new Cost(StorageRequests: 2, Functions: "SendMessage", SignalRSends: 1, ToGroups: 1), toLarge);
        foreach (var client in online)
        {
            Assert.Equal("warm", Text(await client.NextMessageAsync(), "data"));
            Assert.Equal("measured", Text(await client.NextMessageAsync(), "data"));
            await client.DisposeAsync();
        }

        async Task<Cost> MeasureAsync(string group)
        {
            // Sent once before, so that the process knows the sender: the steady state is measured.
            await world["alice"].SendMessageAsync(group, "warm");
            await app.SettleAsync(world.Project.Id);
            executions.Names.Clear();
            var (storage, sends, toGroups) = (app.Storage.Count, signalR.Counters.Sends, signalR.Counters.SendsToGroups);
            await world["alice"].SendMessageAsync(group, "measured");
            await app.SettleAsync(world.Project.Id);

            // The messages have arrived, so everything that their arrival could cause has happened.
            Assert.Equal("warm", Text(await bob.NextMessageAsync(), "data"));
            Assert.Equal("measured", Text(await bob.NextMessageAsync(), "data"));
            return new Cost(
                app.Storage.Count - storage,
                string.Join(' ', executions.Names),
                signalR.Counters.Sends - sends,
                signalR.Counters.SendsToGroups - toGroups);
        }
    }

    /// <summary>Functions that ran, in order.</summary>
    internal sealed class Executions
    {
        public ConcurrentQueue<string> Names { get; } = new();
    }

    internal sealed class CountingMiddleware(Executions executions) : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            executions.Names.Enqueue(context.FunctionDefinition.Name);
            return next(context);
        }
    }

    [Fact]
    public async Task GetMessages_DeepInAGroup_CostsWhatTheNewestPageCosts()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var world = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var group = await world.CreateGroupAsync("alice", "bob");
        for (var i = 0; i < 200; i += 50)
        {
            await Task.WhenAll(Enumerable.Range(i, 50).Select(n => world["alice"].SendMessageAsync(group, $"m{n}")));
        }

        await app.SettleAsync(world.Project.Id);
        Assert.Equal((2, 50), await ReadAsync("size=50"));
        Assert.Equal((3, 50), await ReadAsync("size=50&offset=50"));
        Assert.Equal((3, 50), await ReadAsync("size=50&before=60"));

        async Task<(long Requests, int Messages)> ReadAsync(string query)
        {
            var before = app.Storage.Count;
            var page = await world["bob"].GetJsonAsync($"/api/v1/messages?conversation={group}&{query}");
            return (app.Storage.Count - before, page.GetProperty("messages").GetArrayLength());
        }
    }

    [Fact]
    public async Task Connect_InMoreThan100Groups_HearsAllOfThem()
    {
        var world = await GroupWorld.CreateAsync(backends, backends.App, "alice", "bob");
        var groups = new List<string>();
        foreach (var portion in Enumerable.Range(0, 104).Chunk(8))
        {
            groups.AddRange(await Task.WhenAll(portion.Select(_ => world.CreateGroupAsync("alice", "bob"))));
        }

        var forgotten = 0;
        foreach (var group in groups)
        {
            forgotten += await world.IsJoinedAsync("bob", group) ? 0 : 1;
        }

        Assert.Equal(4, forgotten);

        await using var live = await world["bob"].ConnectAsync();
        await Task.WhenAll(groups.Select(group => world["alice"].SendMessageAsync(group, "to " + group)));

        var heard = new HashSet<string>();
        while (heard.Count < groups.Count)
        {
            heard.Add(Text(await live.NextMessageAsync(), "conversation"));
        }

        Assert.Equal(groups.Order(), heard.Order());
    }

    internal static async Task<string[]> CreateUsersAsync(TestProject project, int count)
    {
        var users = project.App.Get<UserService>();
        var owner = await project.App.Get<ProjectService>().GetAsync(project.Id, default);
        var names = Enumerable.Range(0, count).Select(n => $"user{n:D3}").ToArray();
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (name, cancellationToken) =>
            await users.CreateUserAsync(owner, name, "secret", cancellationToken));
        return names;
    }
}
