using Vox.Chat.Projects;
using Vox.Chat.Protection;
using Vox.Chat.Search;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Search;

/// <summary>The index follows the switch of the project, erasure, retention and deletion.</summary>
public sealed class SearchIndexTests(Backends backends, PortalApp portal) : IClassFixture<PortalApp>
{
    private readonly ShiftedTime clock = new();

    [Fact]
    public async Task Switch_OnAndOff_MakesTheIndexOfWhatWasThereAndDeletesIt()
    {
        await using var app = await portal.StartAsync(clock);
        using var owner = await portal.NewDeveloperAsync(app);
        var id = await AccessTests.NewProjectAsync(owner);
        var project = new TestProject(app, id, "");
        foreach (var name in new[] { "alice", "bob" })
        {
            await owner.DoAsync(HttpMethod.Post, $"projects/{id}/users", new { username = name, password = "long enough" });
        }

        var alice = await new TestUser(project, "alice", "long enough").LogInAsync();
        for (var i = 0; i < 5; i++)
        {
            await alice.SendMessageAsync("bob", $"before the switch {i}");
        }

        Assert.False((await owner.GetAsync($"projects/{id}")).GetProperty("search").GetBoolean());
        Assert.Equal(
            (400, "invalid_field"),
            await owner.RefusedAsync(HttpMethod.Put, $"projects/{id}/settings", new { search = true, logEnabled = false }));
        await owner.DoAsync(HttpMethod.Put, $"projects/{id}/settings", new { search = true });
        Assert.True((await owner.GetAsync($"projects/{id}")).GetProperty("search").GetBoolean());
        await alice.SendMessageAsync("bob", "after the switch");
        await project.IndexedAsync();
        Assert.Equal(["after the switch"], await alice.FindAsync("switch"));

        await BuildAsync(app);
        Assert.Equal(6, (await alice.FindAsync("switch")).Count);
        await app.Get<SearchBuilds>().RebuildAsync(id, CancellationToken.None);
        await BuildAsync(app);
        Assert.Equal(6, (await alice.FindAsync("switch")).Count);
        Assert.Equal(SearchBuildState.Ready, (await app.Get<SearchBuilds>().FindAsync(id, CancellationToken.None))!.State);

        await owner.DoAsync(HttpMethod.Put, $"projects/{id}/settings", new { search = false });
        await alice.GetAsync("/api/v1/search?q=switch").ProblemAsync("search_off");
        await BuildAsync(app);
        Assert.Empty(await project.IndexRowsAsync(backends));
        Assert.Null(await app.Get<SearchBuilds>().FindAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task Build_CutOffAndByTwoProcesses_HasEachMessageOnce()
    {
        await using var app = await portal.StartAsync(clock);
        await using var other = await portal.StartAsync(clock, app.TablePrefix);
        var world = await Vox.Tests.Groups.GroupWorld.CreateAsync(backends, app, "alice", "bob");
        for (var i = 0; i < 230; i += 10)
        {
            await Task.WhenAll(Enumerable.Range(i, 10).Select(n => world["alice"].SendMessageAsync("bob", $"message of old {n}")));
        }

        await app.SettleAsync(world.Project.Id);
        await world.Project.SwitchOnAsync();
        await app.Get<SearchBuilds>().FollowAsync(await world.Project.ReadAsync(), CancellationToken.None);
        clock.Advance(TimeSpan.FromMinutes(3));
        using var cut = new CancellationTokenSource(TimeSpan.FromMilliseconds(150));
        await Task.WhenAll(RunAsync(app, cut.Token), RunAsync(other, CancellationToken.None));
        await BuildAsync(app);

        var found = await (await world["bob"].RefreshAsync()).FindAsync("message", 50);
        Assert.Equal(230, found.Count);
        Assert.Equal(230, found.Distinct(StringComparer.Ordinal).Count());

        static async Task RunAsync(VoxApp app, CancellationToken cancellationToken)
        {
            try
            {
                await app.Get<SearchBuilds>().RunAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    [Fact]
    public async Task Erasure_OfAConversationAndAUser_TakesTheirWordsOutOfTheIndex()
    {
        await using var app = await portal.StartAsync(clock);
        var world = await SearchWorld.CreateAsync(backends, app, "alice", "bob", "carol");
        var sent = await world["alice"].SendMessageAsync("bob", "erasedconversation words");
        await world["alice"].SendMessageAsync("carol", "eraseduser words");
        await world["carol"].SendMessageAsync("alice", "keptwords words");
        await world.Project.IndexedAsync();
        var before = await KeysAsync(world.Project);
        Assert.All(
            new[] { "erasedconversation", "eraseduser", "keptwords" },
            word => Assert.Contains($"w|{word}|", before, StringComparison.Ordinal));

        await EraseAsync(app, world.Project, ("conversation", sent.GetProperty("conversation").GetString()!));
        await EraseAsync(app, world.Project, ("username", "alice"));

        var after = await KeysAsync(world.Project);
        Assert.DoesNotContain("erasedconversation", after, StringComparison.Ordinal);
        Assert.DoesNotContain("eraseduser", after, StringComparison.Ordinal);
        Assert.Contains("w|keptwords|", after, StringComparison.Ordinal);
        Assert.Equal(["keptwords words"], await (await world["carol"].RefreshAsync()).FindAsync("words"));
    }

    [Fact]
    public async Task Project_Deleted_LeavesNoIndex()
    {
        await using var app = await portal.StartAsync(clock);
        var world = await SearchWorld.CreateAsync(backends, app, "alice", "bob");
        await world["alice"].SendMessageAsync("bob", "some words");
        await world.Project.IndexedAsync();
        await app.Get<SearchBuilds>().FollowAsync(await world.Project.ReadAsync(), CancellationToken.None);
        Assert.NotEmpty(await world.Project.IndexRowsAsync(backends));

        await app.Get<ProjectRemoval>().BeginAsync(world.Project.Id, CancellationToken.None);
        clock.Advance(TimeSpan.FromMinutes(20));
        await app.Get<ProjectRemoval>().ResumeAsync(CancellationToken.None);

        Assert.Empty(await world.Project.IndexRowsAsync(backends));
        Assert.Null(await app.Get<SearchBuilds>().FindAsync(world.Project.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Server_SearchesTheWholeProjectAndMakesTheIndexAnew()
    {
        await using var app = await portal.StartAsync(clock);
        var world = await SearchWorld.CreateAsync(backends, app, "alice", "bob", "carol");
        await world["alice"].SendMessageAsync("bob", "needle one");
        var two = await world["carol"].SendMessageAsync("bob", "needle two");
        await world.Project.IndexedAsync();
        var server = await world.Project.CreateServerAsync();

        Assert.Equal(["needle two", "needle one"], SearchWorld.Texts(await server.GetJsonAsync("search?q=needle")));
        Assert.Equal(["needle one"], SearchWorld.Texts(await server.GetJsonAsync("search?q=needle from:alice")));
        var first = await server.GetJsonAsync("search?q=needle&limit=1");
        Assert.Equal(["needle two"], SearchWorld.Texts(first));
        Assert.Equal(
            ["needle two"],
            SearchWorld.Texts(await server.GetJsonAsync($"search?q=needle in:{two.GetProperty("conversation").GetString()}")));
        var rest = await server.GetJsonAsync($"search?q=needle&cursor={first.GetProperty("next").GetString()}");
        Assert.Equal(["needle one"], SearchWorld.Texts(rest));

        var begun = await server.PostJsonAsync("search/rebuild", new { });
        Assert.Equal("building", begun.GetProperty("state").GetString());
        await BuildAsync(app);
        Assert.Equal("ready", (await server.GetJsonAsync("search/index")).GetProperty("state").GetString());
        Assert.Equal(["needle two", "needle one"], SearchWorld.Texts(await server.GetJsonAsync("search?q=needle")));
    }

    private async Task BuildAsync(VoxApp app)
    {
        clock.Advance(TimeSpan.FromMinutes(3));
        await app.Get<SearchBuilds>().RunAsync(CancellationToken.None);
    }

    private async Task<string> KeysAsync(TestProject project) => string.Join(
        '\n', (await project.IndexRowsAsync(backends)).Select(row => $"{row.RowKey} {row.GetString("Words")}"));

    private async Task EraseAsync(VoxApp app, TestProject project, params (string Name, string Value)[] fields)
    {
        using var keys = new FormUrlEncodedContent(
            [KeyValuePair.Create("projectid", project.Id), KeyValuePair.Create("authtoken", project.Token),
                .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
        _ = await app.Http.PostAsync("/api/data/erasures", keys).JsonAsync();
        for (var round = 0; round < 3; round++)
        {
            await app.Get<ErasureWork>().RunAsync(CancellationToken.None);
            clock.Advance(ErasureWork.UntilSweep);
        }
    }
}
