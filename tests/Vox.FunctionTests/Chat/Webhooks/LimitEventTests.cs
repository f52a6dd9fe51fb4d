using System.Net;
using System.Text.Json;
using Vox.Chat.Events;
using Vox.Portal.Billing;
using Vox.Tests.Changes;
using Vox.Tests.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Webhooks;

/// <summary>Each limit that is told of: when, whose it is, and once an hour.</summary>
public sealed class LimitEventTests(Backends backends)
{
    [Fact]
    public async Task UserStorage_IsFull_IsToldOnceWithTheUser()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync(null, "Files:UserQuotaBytes=10000");
        var server = await NewAsync(app, receiver);
        var alice = await (await server.Project.CreateUserAsync("alice")).LogInAsync();

        await alice.PostUploadAsync("large.bin", 20_000).ProblemAsync("quota_exceeded", "size");
        await alice.PostUploadAsync("large.bin", 20_000).ProblemAsync("quota_exceeded", "size");

        var data = await OnlyOneAsync(server, receiver);
        Assert.Equal((LimitEvents.UserStorage, "alice"), (data.Text("limit"), data.Text("user")));
        Assert.Contains("10,000", data.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProjectStorage_IsFull_IsToldOnceWithoutAUser()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync(null, "Files:ProjectQuotaBytes=10000");
        var server = await NewAsync(app, receiver);
        var alice = await (await server.Project.CreateUserAsync("alice")).LogInAsync();
        var bob = await (await server.Project.CreateUserAsync("bob")).LogInAsync();

        await alice.PostUploadAsync("large.bin", 20_000).ProblemAsync("quota_exceeded", "size");
        await bob.PostUploadAsync("large.bin", 20_000).ProblemAsync("quota_exceeded", "size");

        var data = await OnlyOneAsync(server, receiver);
        Assert.Equal((LimitEvents.ProjectStorage, false), (data.Text("limit"), data.TryGetProperty("user", out _)));
        Assert.Contains("10,000", data.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProjectRate_IsReached_IsToldOnceWithoutAUser()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await StartAsync(null, "Limits:ProjectPerSecond=1", "Limits:ProjectBurst=20");
        var server = await NewAsync(app, receiver);

        // So many at once that several are refused, however slow the machine is.
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => server.GetAsync("users/alice")));

        Assert.True(answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests) > 1);
        var data = (await receiver.NextAsync()).Event.GetProperty("data");
        Assert.Equal((LimitEvents.ProjectRate, false), (data.Text("limit"), data.TryGetProperty("user", out _)));
        Assert.Single(receiver.Requests.Select(one => one.Id).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Credits_AreLow_IsToldOnceWithoutAUser()
    {
        await using var receiver = await Receiver.StartAsync();
        var clock = new ShiftedTime();
        await using var app = await StartAsync(clock, "Billing:UserPrices=*:30", "Billing:LowBalance=5");
        var server = await NewAsync(app, receiver);
        await server.Project.CreateUserAsync("alice");
        var billing = app.Get<BillingService>();

        clock.Advance(TimeSpan.FromDays(2));
        await billing.ChargeAllAsync(CancellationToken.None);
        await billing.ChargeAllAsync(CancellationToken.None);

        var data = await OnlyOneAsync(server, receiver);
        Assert.Equal((LimitEvents.Credits, false), (data.Text("limit"), data.TryGetProperty("user", out _)));
        Assert.Contains("credits", data.Text("detail"), StringComparison.Ordinal);
    }

    /// <summary>The event's data. Another event, asked for afterwards, has come as well, and there was no second one.</summary>
    private static async Task<JsonElement> OnlyOneAsync(TestServer server, Receiver receiver)
    {
        await server.UpsertAsync("marker");
        var all = new List<Received>();
        while (!all.Exists(one => one.Type == EventTypes.UserCreated) || !all.Exists(one => one.Type == EventTypes.LimitReached))
        {
            var one = await receiver.NextAsync();
            if (one.Type == EventTypes.LimitReached
                || one.Event.GetProperty("data").Text("user") == "marker")
            {
                all.Add(one);
            }
        }

        return Assert.Single(all.Where(one => one.Type == EventTypes.LimitReached).DistinctBy(one => one.Id))
            .Event.GetProperty("data");
    }

    private static async Task<TestServer> NewAsync(VoxApp app, Receiver receiver)
    {
        var server = await (await app.CreateProjectAsync()).CreateServerAsync();
        await server.PostJsonAsync(
            "webhooks", new { url = receiver.Address, events = (string[])[EventTypes.LimitReached, EventTypes.UserCreated] });
        return server;
    }

    private Task<VoxApp> StartAsync(TimeProvider? clock, params string[] settings)
    {
        string[] all = ["Outbound:AllowLoopback=true", "Projects:CacheSeconds=1", .. settings];
        return clock is null ? VoxApp.StartAsync(backends, all) : VoxApp.StartAsync(backends, clock, all);
    }
}
