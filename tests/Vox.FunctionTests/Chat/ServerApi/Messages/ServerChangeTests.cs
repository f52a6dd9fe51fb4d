using System.Text.Json;
using Vox.Portal.Accounts;
using Vox.Tests.Fixture;

namespace Vox.Tests.ServerApi;

public sealed class ServerChangeTests(Backends backends)
{
    [Fact]
    public async Task Edit_AnyMessage_IsToldLiveAndConditional()
    {
        var server = await NewAsync("shop");
        var alice = await (await server.Project.CreateUserAsync("alice")).LogInAsync();
        var path = await SendAsync(server);
        await using var live = await alice.ConnectAsync();

        var edited = await server.SendAsync(HttpMethod.Patch, path, new { data = "At the door" }, ifMatch: "\"0\"");
        var change = await Task.FromResult(edited).JsonAsync();

        Assert.Equal("\"1\"", edited.Headers.ETag!.Tag);
        Assert.True(change.GetProperty("changed").GetBoolean());
        Assert.Equal("At the door", change.GetProperty("message").GetProperty("data").GetString());
        var told = await live.NextAsync("change");
        Assert.Equal("At the door", told.GetProperty("message").GetProperty("data").GetString());
        Assert.False(told.TryGetProperty("by", out _));
        // Of an older state nothing is done; the same text again is no change.
        await server.SendAsync(HttpMethod.Patch, path, new { data = "Lost" }, ifMatch: "\"0\"")
            .ProblemAsync("precondition_failed", "If-Match");
        await server.SendAsync(HttpMethod.Delete, path, ifMatch: "\"x\"").ProblemAsync("precondition_failed", "If-Match");
        var again = await server.SendAsync(HttpMethod.Patch, path, new { data = "At the door" }).JsonAsync();
        Assert.False(again.GetProperty("changed").GetBoolean());
        Assert.Equal("At the door", await OnlyTextAsync(server));
        Assert.Equal([("message.edited", Named(path))], await RecordedAsync(server));
    }

    [Fact]
    public async Task Delete_AnyMessage_IsGoneForEveryoneAndRecorded()
    {
        var server = await NewAsync("shop", "alice");
        var path = await SendAsync(server);

        var deleted = await server.SendAsync(HttpMethod.Delete, path).JsonAsync();

        Assert.True(deleted.GetProperty("changed").GetBoolean());
        Assert.True(deleted.GetProperty("message").GetProperty("deletedAt").GetInt64() > 0);
        Assert.Equal("", await OnlyTextAsync(server));
        Assert.False((await server.SendAsync(HttpMethod.Delete, path).JsonAsync()).GetProperty("changed").GetBoolean());
        Assert.Equal([("message.deleted", Named(path))], await RecordedAsync(server));
    }

    [Fact]
    public async Task Change_OfAMessageOfTheSystemOrOneThatIsNotThere_IsDoneOrRefused()
    {
        var server = await NewAsync("shop");
        await server.PostJsonAsync("groups", new { id = "team", name = "Team", owner = "shop" });
        var sent = await server.PostJsonAsync("messages", new { system = true, group = "team", data = "Closed at 18:00" });
        var path = $"conversations/{sent.GetProperty("conversation").GetString()}/messages/";

        await server.SendAsync(HttpMethod.Patch, path + "1", new { data = "Closed at 19:00" }).JsonAsync();

        var page = await server.GetJsonAsync("groups/team/messages");
        Assert.Equal("Closed at 19:00", page.GetProperty("messages")[0].GetProperty("data").GetString());
        await server.SendAsync(HttpMethod.Patch, path + "2", new { data = "x" }).ProblemAsync("message_not_found", "sequence");
        await server.SendAsync(HttpMethod.Delete, path + "none").ProblemAsync("message_not_found", "sequence");
        await server.SendAsync(HttpMethod.Patch, path + "1", new { }).ProblemAsync("missing_field", "data");
        await server.SendAsync(HttpMethod.Delete, path + "1", ifMatch: "1").ProblemAsync("invalid_field", "If-Match");
        var other = await NewAsync("shop");
        await other.SendAsync(HttpMethod.Delete, path + "1").ProblemAsync("group_not_found");
        await other.SendAsync(HttpMethod.Delete, "conversations/nothing/messages/1").ProblemAsync("not_found", "conversation");
    }

    /// <summary>The conversation and the message's number, as the audit log names them: no text is there.</summary>
    private static string Named(string path) => $"{path.Split('/')[1]} {path.Split('/')[^1]}";

    private static async Task<List<(string Action, string Detail)>> RecordedAsync(TestServer server)
    {
        var log = await server.App.Get<AuditLog>().ReadProjectAsync(server.Project.Id, null, CancellationToken.None);
        Assert.All(log.Entries, entry => Assert.Equal($"API key Test (…{server.Key[^4..]})", entry.Who));
        return [.. log.Entries.Select(entry => (entry.Action, entry.Detail))];
    }

    private static async Task<string> SendAsync(TestServer server)
    {
        var sent = await server.PostJsonAsync("messages", new { from = "shop", to = "alice", data = "On its way" });
        return $"conversations/{sent.GetProperty("conversation").GetString()}/messages/{sent.GetProperty("sequence").GetInt32()}";
    }

    private static async Task<string?> OnlyTextAsync(TestServer server) => Assert.Single(
        (await server.GetJsonAsync("users/alice/messages?with=shop")).GetProperty("messages").EnumerateArray())
        .GetProperty("data").GetString();

    private async Task<TestServer> NewAsync(params string[] users)
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        await server.UpsertAsync(users);
        return server;
    }
}
