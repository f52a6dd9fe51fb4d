using Microsoft.Extensions.Time.Testing;

namespace Vox.Tests.SignalR;

public sealed class RestGroupTests
{
    [Fact]
    public async Task Group_ConnectionAdded_GetsItsMessagesOnce()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var inside = await harness.ConnectAsync("alice");
        var outside = await harness.ConnectAsync("bob");
        Assert.Equal(200, await harness.StatusAsync(HttpMethod.Put, $"/groups/g/connections/{inside.Id}"));
        Assert.Equal(200, await harness.StatusAsync(HttpMethod.Put, "/users/alice/groups/g"));

        await harness.SendToAsync("/groups/g", "message", "group");
        await harness.SendToAsync("", "message", "all");

        Assert.Equal(["group", "all"], [await inside.ReceiveAsync(), await inside.ReceiveAsync()]);
        Assert.Equal("all", await outside.ReceiveAsync());
        Assert.Equal((1, 3), (harness.Emulator.Counters.SendsToGroups, harness.Emulator.Counters.OutboundMessages));
    }

    [Fact]
    public async Task Group_ConnectionRemoved_GetsNoMore()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync("alice");
        await PutAsync(harness, $"/groups/one/connections/{client.Id}");
        await PutAsync(harness, $"/groups/two/connections/{client.Id}");

        Assert.Equal(200, await harness.StatusAsync(HttpMethod.Delete, $"/groups/one/connections/{client.Id}"));
        await harness.SendToAsync("/groups/one", "message", "one");
        await harness.SendToAsync("/groups/two", "message", "two");
        Assert.Equal("two", await client.ReceiveAsync());

        Assert.Equal(200, await harness.StatusAsync(HttpMethod.Delete, $"/connections/{client.Id}/groups"));
        Assert.Equal(404, await harness.StatusAsync(HttpMethod.Head, "/groups/two"));
    }

    [Fact]
    public async Task Group_ConnectionEnds_MembershipEndsWithIt()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync("alice");
        await PutAsync(harness, $"/groups/g/connections/{client.Id}");
        await client.Connection.StopAsync();
        await Eventually.IsTrueAsync(() => harness.Emulator.ConnectionCount == 0);

        await harness.ConnectAsync("alice");

        Assert.Equal(404, await harness.StatusAsync(HttpMethod.Head, "/groups/g"));
    }

    [Fact]
    public async Task Group_UnknownConnection_Is404WithCode()
    {
        await using var harness = await EmulatorHarness.StartAsync();

        using var added = await harness.RestAsync(HttpMethod.Put, "/groups/g/connections/nobody");
        using var removed = await harness.RestAsync(HttpMethod.Delete, "/groups/g/connections/nobody");

        Assert.Equal((404, "Error.Connection.NotExisted"), StatusAndCode(added));
        Assert.Equal((404, "Error.Connection.NotExisted"), StatusAndCode(removed));
    }

    [Fact]
    public async Task UserGroup_ReconnectedUser_IsStillInside()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        await PutAsync(harness, "/users/alice/groups/g");
        var first = await harness.ConnectAsync("alice");
        await harness.SendToAsync("/groups/g", "message", "1");
        Assert.Equal("1", await first.ReceiveAsync());
        await first.Connection.StopAsync();

        var second = await harness.ConnectAsync("alice");
        await harness.SendToAsync("/groups/g", "message", "2");

        Assert.Equal("2", await second.ReceiveAsync());
    }

    [Fact]
    public async Task UserGroup_WithLifetime_ExpiresThen()
    {
        var time = new FakeTimeProvider();
        await using var harness = await EmulatorHarness.StartAsync(time);
        Assert.Equal(200, await harness.StatusAsync(HttpMethod.Put, "/users/alice/groups/g", query: "&ttl=20"));

        time.Advance(TimeSpan.FromSeconds(19));
        Assert.Equal(200, await harness.StatusAsync(HttpMethod.Head, "/users/alice/groups/g"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(404, await harness.StatusAsync(HttpMethod.Head, "/users/alice/groups/g"));
    }

    [Fact]
    public async Task UserGroup_WithoutLifetime_ExpiresAfterAYear()
    {
        var time = new FakeTimeProvider();
        await using var harness = await EmulatorHarness.StartAsync(time);
        await PutAsync(harness, "/users/alice/groups/g");

        time.Advance(TimeSpan.FromDays(364));
        Assert.Equal(200, await harness.StatusAsync(HttpMethod.Head, "/users/alice/groups/g"));
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(404, await harness.StatusAsync(HttpMethod.Head, "/users/alice/groups/g"));
    }

    [Fact]
    public async Task UserGroup_LifetimeZero_HoldsForCurrentConnectionsOnly()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var current = await harness.ConnectAsync("alice");
        Assert.Equal(200, await harness.StatusAsync(HttpMethod.Put, "/users/alice/groups/g", query: "&ttl=0"));
        var later = await harness.ConnectAsync("alice");

        await harness.SendToAsync("/groups/g", "message", "group");
        await harness.SendToAsync("", "message", "all");

        Assert.Equal("group", await current.ReceiveAsync());
        Assert.Equal("all", await later.ReceiveAsync());
        Assert.Equal(200, await harness.StatusAsync(HttpMethod.Head, "/users/alice/groups/g"));
        Assert.Equal(204, await harness.StatusAsync(HttpMethod.Delete, "/users/alice/groups/g"));
        Assert.Equal(404, await harness.StatusAsync(HttpMethod.Head, "/groups/g"));
    }

    [Theory]
    [InlineData("&ttl=-1")]
    [InlineData("&ttl=soon")]
    public async Task UserGroup_InvalidLifetime_Is400(string query)
    {
        await using var harness = await EmulatorHarness.StartAsync();

        Assert.Equal(400, await harness.StatusAsync(HttpMethod.Put, "/users/alice/groups/g", query: query));
    }

    [Fact]
    public async Task UserGroup_MoreThanAHundred_ForgetsTheLeastRecentlyAdded()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        await PutAsync(harness, "/users/alice/groups/short", "&ttl=1000");
        for (var i = 0; i < 100; i++)
        {
            await PutAsync(harness, $"/users/alice/groups/g{i}");
        }

        await PutAsync(harness, "/users/alice/groups/g0");
        await PutAsync(harness, "/users/alice/groups/g100");

        Assert.Equal(200, await harness.StatusAsync(HttpMethod.Head, "/users/alice/groups/g0"));
        Assert.Equal(404, await harness.StatusAsync(HttpMethod.Head, "/users/alice/groups/g1"));
        Assert.Equal(200, await harness.StatusAsync(HttpMethod.Head, "/users/alice/groups/g2"));
        Assert.Equal(200, await harness.StatusAsync(HttpMethod.Head, "/users/alice/groups/g100"));
        Assert.Equal(200, await harness.StatusAsync(HttpMethod.Head, "/users/alice/groups/short"));
    }

    [Fact]
    public async Task UserGroup_Removed_IsOutside()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        await PutAsync(harness, "/users/alice/groups/a");
        await PutAsync(harness, "/users/alice/groups/b");
        await PutAsync(harness, "/users/alice/groups/c");

        Assert.Equal(204, await harness.StatusAsync(HttpMethod.Delete, "/users/alice/groups/a"));
        Assert.Equal(404, await harness.StatusAsync(HttpMethod.Head, "/users/alice/groups/a"));
        Assert.Equal(200, await harness.StatusAsync(HttpMethod.Head, "/users/alice/groups/b"));
        Assert.Equal(204, await harness.StatusAsync(HttpMethod.Delete, "/users/alice/groups"));
        Assert.Equal(404, await harness.StatusAsync(HttpMethod.Head, "/users/alice/groups/b"));
        Assert.Equal(404, await harness.StatusAsync(HttpMethod.Head, "/users/alice/groups/c"));
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("GET")]
    public async Task Exists_PresentAndAbsent_AreTold(string method)
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync("alice");
        await PutAsync(harness, $"/groups/g/connections/{client.Id}");
        await PutAsync(harness, "/users/alice/groups/g");
        (string Present, string Absent, string Code)[] cases =
        [
            ($"/connections/{client.Id}", "/connections/nobody", "Warning.Connection.NotExisted"),
            ("/users/alice", "/users/nobody", "Warning.User.NotExisted"),
            ("/groups/g", "/groups/none", "Warning.Group.NotExisted"),
            ("/users/alice/groups/g", "/users/alice/groups/none", "Info.User.NotInGroup"),
        ];
        foreach (var (present, absent, code) in cases)
        {
            Assert.Equal(200, await harness.StatusAsync(new(method), present));
            using var response = await harness.RestAsync(new(method), absent);
            Assert.Equal((404, code), StatusAndCode(response));
        }
    }

    [Fact]
    public async Task Group_OlderAddresses_Work()
    {
        await using var harness = await EmulatorHarness.StartAsync();

        using var added = await harness.SendAsync(HttpMethod.Put, "/api/v1/hubs/chat/groups/g/users/alice");
        using var exists = await harness.SendAsync(HttpMethod.Get, "/api/v1/hubs/chat/groups/g/users/alice");
        using var removed = await harness.SendAsync(HttpMethod.Delete, "/api/v1/hubs/chat/groups/g/users/alice");

        Assert.Equal((202, 200, 202), ((int)added.StatusCode, (int)exists.StatusCode, (int)removed.StatusCode));
    }

    [Theory]
    [InlineData(1024, 404)]
    [InlineData(1025, 400)]
    public async Task Group_NameAroundTheLimit_IsChecked(int length, int status)
    {
        await using var harness = await EmulatorHarness.StartAsync();

        Assert.Equal(status, await harness.StatusAsync(HttpMethod.Head, "/groups/" + new string('g', length)));
    }

    [Fact]
    public async Task Close_Connection_EndsItWithTheReason()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var client = await harness.ConnectAsync("alice");

        Assert.Equal(200, await harness.StatusAsync(HttpMethod.Delete, $"/connections/{client.Id}", query: "&reason=logged%20out"));

        Assert.Contains("logged out", (await client.Closed)!.Message);
        var call = await harness.Upstream.WaitForAsync("disconnected");
        Assert.Equal("logged out", call.Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Close_UnknownConnection_Is200()
    {
        await using var harness = await EmulatorHarness.StartAsync();

        Assert.Equal(200, await harness.StatusAsync(HttpMethod.Delete, "/connections/nobody"));
    }

    [Fact]
    public async Task CloseConnections_OfUserGroupAndHub_SparesTheExcluded()
    {
        await using var harness = await EmulatorHarness.StartAsync();
        var alice = await harness.ConnectAsync("alice");
        var bob = await harness.ConnectAsync("bob");
        var carol = await harness.ConnectAsync("carol");
        var dave = await harness.ConnectAsync("dave");
        await PutAsync(harness, "/users/bob/groups/g");
        await PutAsync(harness, "/users/dave/groups/g");

        Assert.Equal(204, await harness.StatusAsync(HttpMethod.Post, "/users/alice/:closeConnections"));
        Assert.Null(await alice.Closed);
        Assert.Equal(204, await harness.StatusAsync(HttpMethod.Post, "/groups/g/:closeConnections", query: $"&excluded={dave.Id}"));
        Assert.Null(await bob.Closed);
        Assert.Equal(204, await harness.StatusAsync(HttpMethod.Post, "/:closeConnections", query: $"&excluded={dave.Id}"));
        Assert.Null(await carol.Closed);

        await harness.SendToAsync("", "message", "still here");
        Assert.Equal("still here", await dave.ReceiveAsync());
    }

    private static async Task PutAsync(EmulatorHarness harness, string path, string query = "")
        => Assert.Equal(200, await harness.StatusAsync(HttpMethod.Put, path, query: query));

    private static (int, string) StatusAndCode(HttpResponseMessage response)
        => ((int)response.StatusCode, response.Headers.GetValues("x-ms-error-code").Single());
}
