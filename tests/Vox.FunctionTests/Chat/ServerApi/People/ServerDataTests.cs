using Vox.Tests.Fixture;

namespace Vox.Tests.ServerApi;

public sealed class ServerDataTests(Backends backends)
{
    [Fact]
    public async Task Export_OfAUser_IsBegunListedAndNotReadyYet()
    {
        var server = await NewAsync("alice");

        var begun = await server.PostJsonAsync("exports", new { userId = "alice" });

        var id = begun.GetProperty("id").GetString();
        Assert.Equal(("user", "alice"), (begun.GetProperty("kind").GetString(), begun.GetProperty("subject").GetString()));
        Assert.StartsWith("API key Test", begun.GetProperty("requestedBy").GetString(), StringComparison.Ordinal);
        Assert.Equal(begun.GetRawText(), (await server.GetJsonAsync("exports/" + id)).GetRawText());
        Assert.Single((await server.GetJsonAsync("exports")).GetProperty("exports").EnumerateArray());
        await server.PostAsync($"exports/{id}/link").ProblemAsync("not_found");
        await server.PostAsync("exports", new { userId = "nobody" }).ProblemAsync("user_not_found");
    }

    [Fact]
    public async Task Erase_AUser_DeletesThemAndHasAProofToAskFor()
    {
        var server = await NewAsync("alice", "bob");

        var begun = await server.PostJsonAsync("erasures", new { userId = "alice" });

        Assert.Equal("user", begun.GetProperty("kind").GetString());
        var now = await server.GetJsonAsync("erasures/" + begun.GetProperty("id").GetString());
        Assert.Equal(begun.GetProperty("id").GetString(), now.GetProperty("id").GetString());
        await server.GetAsync("users/alice").ProblemAsync("user_not_found");
        await server.PostAsync("erasures", new { }).ProblemAsync("missing_field", "userId");
    }

    private async Task<TestServer> NewAsync(params string[] users)
    {
        var server = await (await backends.App.CreateProjectAsync()).CreateServerAsync();
        await server.UpsertAsync(users);
        return server;
    }
}
