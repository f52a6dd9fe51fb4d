using Vox.Chat.Requests;

namespace Vox.Tests.Portal;

public sealed class PortalRequestTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Requests_OfTheProject_AreShownInPagesAndChosen()
    {
        using var client = await portal.NewDeveloperAsync();
        var id = (await client.PostJsonAsync("projects", new { name = "Shop" })).GetProperty("projectId").GetString()!;
        var path = $"projects/{id}/api-requests";
        var now = TimeProvider.System.GetUtcNow();
        await portal.App.Get<RequestStore>().AddAsync(Enumerable.Range(0, 60).Select(n => new ApiRequest(
            id, now.AddHours(-n), n % 2 == 0 ? "server" : "client", "alice", "GET", "api/v1/x", n % 3 == 0 ? 404 : 200, n, "r", "", 1)));

        var first = await client.GetAsync(path);
        var second = await client.GetAsync($"{path}?after={first.GetProperty("next").GetString()}");
        Assert.Equal(
            Enumerable.Range(0, 60),
            first.GetProperty("requests").EnumerateArray().Concat(second.GetProperty("requests").EnumerateArray())
                .Select(one => one.GetProperty("milliseconds").GetInt32()));
        Assert.False(second.TryGetProperty("next", out _));
        Assert.Equal(10, (await client.GetAsync($"{path}?api=server&failed=true")).GetProperty("requests").GetArrayLength());

        Assert.Equal("errors", first.GetProperty("kept").GetString());
        Assert.Equal((400, "missing_field"), await client.RefusedAsync(HttpMethod.Put, $"{path}/kept", new { }));
        await client.DoAsync(HttpMethod.Put, $"{path}/kept", new { kept = "all" });
        Assert.Equal("all", (await client.GetAsync(path)).GetProperty("kept").GetString());
        Assert.Equal(
            "requests.kept",
            (await client.GetAsync($"projects/{id}/audit")).GetProperty("entries")[0].GetProperty("action").GetString());
    }
}
