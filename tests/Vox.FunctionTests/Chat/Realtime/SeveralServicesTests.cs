using System.Net.Http.Json;
using System.Text.Json;
using Azure.Core;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Model;
using Vox.Chat.Projects;
using Vox.Chat.Realtime;
using Vox.Platform.Security;
using Vox.SignalREmulation;
using Vox.Tests.Fixture;

namespace Vox.Tests.Realtime;

/// <summary>Several SignalR services: one for each project, or the users of one project spread over all.</summary>
public sealed class SeveralServicesTests(Backends backends) : IAsyncLifetime
{
    private TwoServices two = null!;

    public async ValueTask InitializeAsync() => two = await TwoServices.StartAsync(backends);

    public ValueTask DisposeAsync() => two.DisposeAsync();

    [Fact]
    public async Task CreateProject_TwoServices_ChoosesOneAndKeepsIt()
    {
        var projects = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => two.App.CreateProjectAsync()));
        var placed = await Task.WhenAll(projects.Select(async project => (await project.ReadAsync()).Placement.Now.Single()));
        Assert.Equal([0, 1], placed.Distinct().Order());

        // Another process that knows one service more reads what was stored.
        await using var third = await OwnSignalR.StartAsync();
        await using var later = await VoxApp.StartAsync(
            backends,
            [
                .. two.Settings, "Realtime:Services:2=" + third.Service.ConnectionString,
                "Azure:SignalR:Endpoints:2=" + third.Service.ConnectionString,
            ],
            tablePrefix: two.App.TablePrefix);
        foreach (var (project, service) in projects.Zip(placed))
        {
            Assert.Equal([service], (await (project with { App = later }).ReadAsync()).Placement.Now);
        }
    }

    [Fact]
    public async Task SendMessage_ProjectOfOneService_TouchesOnlyThatOne()
    {
        foreach (var number in (int[])[0, 1])
        {
            var project = await PlaceAsync(number);
            var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
            await using var bob = await (await (await project.CreateUserAsync("bob")).LogInAsync()).ConnectAsync();
            var (own, other) = (two.Services[number], two.Services[1 - number]);
            var before = (Own: own.Counters.Sends, Other: other.Counters.Sends);

            await alice.SendMessageAsync("bob", $"over {number}");

            Assert.Equal($"over {number}", (await bob.NextMessageAsync()).GetProperty("data").GetString());
            await two.App.SettleAsync(project.Id);
            Assert.Equal(1, own.ConnectionCount);
            Assert.Equal(before.Own + 2, own.Counters.Sends);
            Assert.Equal(before.Other, other.Counters.Sends);
            await bob.DisposeAsync();
        }
    }

    [Fact]
    public async Task SendMessage_UsersSpreadOverBoth_ArrivesEverywhereOnceWithOneCallToEach()
    {
        var project = await PlaceAsync(0, 1);
        var (names, sessions) = await UsersOfBothAsync(project, 8);
        var group = await GroupAsync(sessions, names);
        var clients = await Task.WhenAll(sessions.Select(session => session.ConnectAsync()));
        Assert.All(two.Services, service => Assert.InRange(service.ConnectionCount, 1, 7));
        var before = two.Services.Select(service => service.Counters.SendsToGroups).ToArray();

        for (var i = 0; i < 5; i++)
        {
            await sessions[i].SendMessageAsync(group, $"{i}");
        }

        foreach (var client in clients)
        {
            var texts = new List<string>();
            while (texts.Count < 5)
            {
                texts.Add((await client.NextMessageAsync()).GetProperty("data").GetString()!);
            }

            Assert.Equal(["0", "1", "2", "3", "4"], texts.Order(StringComparer.Ordinal));
        }

        await two.App.SettleAsync(project.Id);
        Assert.Equal(before.Select(count => count + 5), two.Services.Select(service => service.Counters.SendsToGroups));

        // To a user: their service alone.
        var homes = sessions.Select(session => HomeOf(session)).ToList();
        var (of0, of1) = (homes.IndexOf(0), homes.IndexOf(1));
        await sessions[of0].SendMessageAsync(names[of1], "across");
        Assert.Equal("across", (await clients[of1].NextMessageAsync()).GetProperty("data").GetString());
        Assert.Equal("across", (await clients[of0].NextMessageAsync()).GetProperty("data").GetString());
        Assert.All(clients, client => Assert.False(client.Has("message")));
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Typing_UsersOnBoth_IsRelayedAcross()
    {
        var project = await PlaceAsync(0, 1);
        var (names, sessions) = await UsersOfBothAsync(project, 4);
        var group = await GroupAsync(sessions, names);
        var homes = sessions.Select(HomeOf).ToList();
        var (from, to) = (homes.IndexOf(0), homes.IndexOf(1));
        await using var typist = await sessions[from].ConnectAsync();
        await using var reader = await sessions[to].ConnectAsync();

        await typist.Connection.SendAsync("typing", new { to = names[to] }, TestContext.Current.CancellationToken);
        Assert.Equal(names[from], (await reader.NextAsync("typing")).GetProperty("from").GetString());
        await typist.Connection.SendAsync("typing", new { group }, TestContext.Current.CancellationToken);
        Assert.Equal(group, (await reader.NextAsync("typing")).GetProperty("group").GetString());
    }

    [Fact]
    public async Task LeaveGroup_UserOfTheSecondService_GetsNothingMore()
    {
        var project = await PlaceAsync(1);
        var (names, sessions) = await UsersAsync(project, 3);
        var group = await GroupAsync(sessions, names);
        await using var gone = await sessions[1].ConnectAsync();
        await using var stays = await sessions[2].ConnectAsync();
        await sessions[0].SendMessageAsync(group, "both");
        await gone.NextMessageAsync();

        using (await sessions[0].SendAsync(new(HttpMethod.Delete, $"/api/v1/groups/{group}/members?id={names[1]}")))
        {
        }

        await sessions[0].SendMessageAsync(group, "one");
        await stays.NextAsync("message", message => message.GetProperty("data").GetString() == "one");
        Assert.False(gone.Has("message"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task LogOut_OnEitherService_ClosesTheConnection(int number)
    {
        var session = await (await (await PlaceAsync(number)).CreateUserAsync("alice")).LogInAsync();
        await using var client = await session.ConnectAsync();

        await session.LogOutAsync();

        await client.ClosedAsync();
    }

    [Fact]
    public async Task Connect_ToAServiceThatIsNotTheUsers_IsRefused()
    {
        var session = await (await (await PlaceAsync(0)).CreateUserAsync("alice")).LogInAsync();
        var (url, token) = (await two.App.Get<SignalRServices>().Find(1)!.NegotiateAsync(session.RealtimeUser, default))!.Value;
        var claims = (await two.App.Get<Vox.Chat.Sessions.AccessTokens>().ReadAsync(session.AccessToken, default))!;
        var ticket = await two.App.Get<ConnectionTickets>().CreateAsync(claims with { Service = 1 }, default);
        await using var connection = new HubConnectionBuilder()
            .WithUrl($"{url}&ticket={ticket}", options => options.AccessTokenProvider = () => Task.FromResult<string?>(token)).Build();

        await Assert.ThrowsAnyAsync<Exception>(() => connection.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, two.Services[1].ConnectionCount);
    }

    [Fact]
    public async Task Upstream_KeyOfNoService_IsRefusedAndThoseOfBothAreTaken()
    {
        var session = await (await (await PlaceAsync(1)).CreateUserAsync("alice")).LogInAsync();
        async Task<int> PostAsync(string key) => await ServiceEvents.PostAsync(
            session, "c1", "disconnected", ServiceEvents.Code, ServiceEvents.Sign("c1", key));

        Assert.Equal(401, await PostAsync("x" + SignalREmulatorOptions.DevelopmentKey));
        Assert.Equal(200, await PostAsync("0" + SignalREmulatorOptions.DevelopmentKey));
        Assert.Equal(200, await PostAsync("1" + SignalREmulatorOptions.DevelopmentKey));
    }

    [Fact]
    public async Task Health_OneServiceDown_SaysWhichAndTheOtherGoesOn()
    {
        var project = await PlaceAsync(1);
        two.Services[0].Intercept = context =>
        {
            context.Response.StatusCode = 503;
            return Task.FromResult(true);
        };

        var parts = (await two.App.Http.GetFromJsonAsync<JsonElement>(
            "/api/health/details?code=local-function-key", TestContext.Current.CancellationToken)).GetProperty("parts").EnumerateArray()
            .ToDictionary(part => part.GetProperty("part").GetString()!, part => part.GetProperty("status").GetString());

        Assert.Equal("degraded", parts["signalr-0"]);
        Assert.Equal("ok", parts["signalr-1"]);
        Assert.Equal("ok", parts["storage"]);
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        await using var bob = await (await (await project.CreateUserAsync("bob")).LogInAsync()).ConnectAsync();
        await alice.SendMessageAsync("bob", "still live");
        Assert.Equal("still live", (await bob.NextMessageAsync()).GetProperty("data").GetString());
    }

    [Fact]
    public async Task Restart_ServiceTakenOutOfTheSettings_ItsProjectsAreServedByTheOther()
    {
        var project = await PlaceAsync(1);
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        await using var app = await VoxApp.StartAsync(
            backends, ["AzureSignalRConnectionString=" + two.Services[0].ConnectionString], tablePrefix: two.App.TablePrefix);
        two.ReportTo(app.Address);

        await using var client = await (alice with { App = app }).ConnectAsync();
        await (alice with { App = app }).SendMessageAsync("alice", "to myself");

        Assert.Equal("to myself", (await client.NextMessageAsync()).GetProperty("data").GetString());
    }

    [Fact]
    public async Task Negotiate_AccessByIdentity_TheServiceMakesTheToken()
    {
        await using var service = await SignalREmulator.StartAsync(
            new SignalREmulatorOptions { Port = 0, IdentityToken = "of-entra" }, CancellationToken.None);
        await using var app = await VoxApp.StartAsync(
            backends, two.Settings, builder => builder.Services.AddSingleton(new EntraTokens(new FakeIdentity())));
        var byIdentity = new SignalRService(
            1, new SignalRConnection(new Uri($"http://localhost:{service.Port}"), null), app.Http, app.Get<SignalRTokens>(),
            new RealtimeOptions(), TimeProvider.System, app.Get<Microsoft.Extensions.Logging.ILogger<SignalRService>>());

        var (url, token) = (await byIdentity.NegotiateAsync("pid_1:aalice:uid", TestContext.Current.CancellationToken))!.Value;
        await using var connection = new HubConnectionBuilder()
            .WithUrl(url, options => options.AccessTokenProvider = () => Task.FromResult<string?>(token)).Build();
        var came = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.On<string>("hello", text => came.TrySetResult(text));
        await connection.StartAsync(TestContext.Current.CancellationToken);
        await byIdentity.SendToUserAsync(
            "pid_1:aalice:uid", """{"target":"hello","arguments":["by identity"]}"""u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal("by identity", await came.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    private async Task<TestProject> PlaceAsync(params int[] services)
    {
        var project = await two.App.CreateProjectAsync();
        await two.App.Get<ProjectService>().UpdateAsync(
            project.Id, stored => stored with { Placement = new ServicePlacement(services) }, CancellationToken.None);
        return project;
    }

    private static async Task<(string[] Names, TestSession[] Sessions)> UsersAsync(TestProject project, int count)
    {
        var names = Enumerable.Range(0, count).Select(i => $"user{i}").ToArray();
        return (names, await Task.WhenAll(names.Select(async name => await (await project.CreateUserAsync(name)).LogInAsync())));
    }

    /// <summary>At least one user on each service: where a user is depends on their uid, which is random.</summary>
    private static async Task<(string[] Names, TestSession[] Sessions)> UsersOfBothAsync(TestProject project, int count)
    {
        var (names, sessions) = await UsersAsync(project, count);
        for (var i = count; sessions.Select(HomeOf).Distinct().Count() == 1; i++)
        {
            names[^1] = $"user{i}";
            sessions[^1] = await (await project.CreateUserAsync(names[^1])).LogInAsync();
        }

        return (names, sessions);
    }

    private static int HomeOf(TestSession session) => ServicePlacement.Choose(session.RealtimeUser, [0, 1]);

    private static async Task<string> GroupAsync(TestSession[] sessions, string[] names) =>
        (await sessions[0].PostJsonAsync("/api/v1/groups", new { name = "All", members = names.Skip(1) })).GetProperty("id").GetString()!;

    private sealed class FakeIdentity : TokenCredential
    {
        private static readonly AccessToken Token = new("of-entra", TimeProvider.System.GetUtcNow().AddHours(1));

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => Token;

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(Token);
    }
}
