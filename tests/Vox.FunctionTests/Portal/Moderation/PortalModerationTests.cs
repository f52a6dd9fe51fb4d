using Vox.Tests.Changes;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

public sealed class PortalModerationTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Flags_FromTheQueueToADecision_AreShownAndRecorded()
    {
        using var client = await portal.NewDeveloperAsync();
        var made = await client.PostJsonAsync("projects", new { name = "Shop" });
        var project = new TestProject(portal.App, made.Text("projectId")!, made.Text("authToken")!);
        var path = $"projects/{project.Id}/flags";
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var mallory = await (await project.CreateUserAsync("mallory")).LogInAsync();
        var message = await mallory.SayAsync("alice", "buy now");
        await alice.PostJsonAsync(
            "/api/v1/flags", new { conversation = ChangeWorld.ConversationOf(message), sequence = 1, reason = "spam" });

        var flag = Assert.Single((await client.GetAsync(path)).GetProperty("flags").EnumerateArray());
        var detail = await client.GetAsync($"{path}/{flag.Text("id")}");
        Assert.Equal("buy now", Assert.Single(detail.GetProperty("messages").EnumerateArray()).Text("data"));
        Assert.Equal(
            (400, "invalid_field"),
            await client.RefusedAsync(HttpMethod.Post, $"{path}/{flag.Text("id")}/decision", new { action = "burn" }));
        await client.PostJsonAsync($"{path}/{flag.Text("id")}/decision", new { action = "delete" });
        var decided = await client.PostJsonAsync($"{path}/{flag.Text("id")}/decision", new { action = "mute", note = "Spam" });

        Assert.Equal(client.Email, decided.GetProperty("decision").Text("by"));
        await mallory.PostAsync("/api/v1/messages", new { to = "alice", data = "x" }).ProblemAsync("muted");
        Assert.Empty((await client.GetAsync(path)).GetProperty("flags").EnumerateArray());
        Assert.Single((await client.GetAsync(path + "?state=decided")).GetProperty("flags").EnumerateArray());
        Assert.Equal(
            ["user.muted", "flag.decided", "flag.decided"],
            (await client.GetAsync($"projects/{project.Id}/audit")).GetProperty("entries").EnumerateArray()
                .Select(entry => entry.Text("action")).Take(3));
    }
}
