using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.ServerApi;

public sealed class ServerPeopleTests(Backends backends)
{
    [Fact]
    public async Task Presence_OfMany_OnlineOfflineAndNobody()
    {
        var server = await NewAsync("alice", "bob");
        var alice = await server.LogInAsync("alice");
        await using var live = await alice.ConnectAsync();
        await alice.PostAsync("/api/v1/presence", new { connection = "c1" });

        var seen = (await server.PostJsonAsync("presence", new { ids = (string[])["alice", "bob", "nobody", "alice"] }))
            .GetProperty("users");

        Assert.Equal(
            ["alice True", "bob False"],
            seen.EnumerateArray().Select(user => $"{user.GetProperty("id").GetString()} {user.GetProperty("online").GetBoolean()}"));
        Assert.True(seen[0].TryGetProperty("lastSeen", out _));
        await server.PostAsync("presence", new { ids = Array.Empty<string>() }).ProblemAsync("missing_field", "ids");
        await server.PostAsync("presence", new { ids = Enumerable.Range(0, 101).Select(i => $"{i}") }).ProblemAsync("too_long", "ids");
    }

    [Fact]
    public async Task EndSession_OfOneDevice_TheOtherGoesOn()
    {
        var server = await NewAsync("alice");
        var (one, two) = (await server.LogInAsync("alice"), await server.LogInAsync("alice"));
        var sessions = (await server.GetJsonAsync("users/alice/sessions")).GetProperty("sessions").EnumerateArray().ToList();
        Assert.Equal(2, sessions.Count);
        Assert.DoesNotContain("ecret", sessions[0].GetRawText(), StringComparison.Ordinal);

        // The newest comes first.
        await server.SendAsync(HttpMethod.Delete, "users/alice/sessions/" + sessions[0].GetProperty("id").GetString()).NoContentAsync();

        await two.GetConversationsAsync().ProblemAsync("invalid_token");
        using var still = await one.GetConversationsAsync();
        Assert.True(still.IsSuccessStatusCode);
        Assert.Single((await server.GetJsonAsync("users/alice/sessions")).GetProperty("sessions").EnumerateArray());
        await server.SendAsync(HttpMethod.Delete, "users/alice/sessions/none").ProblemAsync("not_found", "sessionId");
        await server.GetAsync("users/nobody/sessions").ProblemAsync("user_not_found", "userId");
    }

    private async Task<TestServer> NewAsync(params string[] users)
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        await server.UpsertAsync(users);
        return server;
    }
}
