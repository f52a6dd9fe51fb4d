using System.Text;
using Vox.Chat.Moderation;
using Vox.Chat.Protection;
using Vox.Tests.Changes;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Moderation;

/// <summary>What becomes of flags when users, messages and projects go.</summary>
public sealed class FlagUpkeepTests(Backends backends, PortalApp portal) : IClassFixture<PortalApp>
{
    private readonly string mark = Guid.NewGuid().ToString("N")[..10];

    [Fact]
    public async Task Erase_WhoFlaggedAndWhoWasFlagged_NothingNamesThem()
    {
        await using var app = await portal.StartAsync();
        var (project, alice, bob) = await ChangeWorld.CreateAsync(app);
        var zoe = await (await project.CreateUserAsync("zoe" + mark)).LogInAsync();
        var server = await project.CreateServerAsync();
        await FlagAsync(zoe, await bob.SayAsync(zoe.LoginId, "x"), $"words-{mark}");
        await FlagAsync(alice, await zoe.SayAsync("alice", "y"), $"about-{mark}");
        await alice.PostJsonAsync("/api/v1/flags", new { user = zoe.LoginId, reason = "spam" });
        Assert.Equal(3, (await server.GetJsonAsync("moderation/flags")).GetProperty("flags").GetArrayLength());

        // As in an erasure: the user goes first.
        await project.DeleteUserAsync(zoe.LoginId).TextAsync();
        var steps = app.Get<IEnumerable<IErasureStep>>().OfType<FlagErasure>();
        foreach (var step in steps.Concat(steps))
        {
            await step.EraseUserAsync(project.Id, zoe.LoginId, "erased-1", CancellationToken.None);
        }

        var found = await DataSearch.FindAsync(
            backends.StorageConnection, app.TablePrefix, [zoe.LoginId, $"words-{mark}", $"about-{mark}"]);
        Assert.DoesNotContain(found, place => place.StartsWith("table moderation:", StringComparison.Ordinal));
        var left = Assert.Single((await server.GetJsonAsync("moderation/flags")).GetProperty("flags").EnumerateArray());
        Assert.Equal("bob", left.Text("user"));
        var detail = await server.GetJsonAsync($"moderation/flags/{left.Text("id")}");
        Assert.Equal("erased-1", Assert.Single(detail.GetProperty("reports").EnumerateArray()).Text("by"));
    }

    [Fact]
    public async Task Erase_OfWhoHadALoginId_LeavesTheFlagsOfWhoHasItNow()
    {
        await using var app = await portal.StartAsync();
        var (project, alice, _) = await ChangeWorld.CreateAsync(app);
        var server = await project.CreateServerAsync();
        for (var turn = 0; turn < 2; turn++)
        {
            var zoe = await (await project.CreateUserAsync("zoe")).LogInAsync();
            await zoe.PostJsonAsync("/api/v1/flags", new { user = "bob", reason = "spam" });
            await alice.PostJsonAsync("/api/v1/flags", new { user = "zoe", reason = "spam" });
            if (turn == 0)
            {
                await project.DeleteUserAsync("zoe").TextAsync();
            }
        }

        await app.Get<IEnumerable<IErasureStep>>().OfType<FlagErasure>().Single()
            .EraseUserAsync(project.Id, "zoe", "erased-1", CancellationToken.None);

        var flags = (await server.GetJsonAsync("moderation/flags")).GetProperty("flags").EnumerateArray().ToList();
        Assert.Equal(["bob", "zoe"], flags.Select(flag => flag.Text("user")!).Order(StringComparer.Ordinal));
        var ofBob = await server.GetJsonAsync($"moderation/flags/{flags.Single(flag => flag.Text("user") == "bob").Text("id")}");
        Assert.Equal(
            ["erased-1", "zoe"],
            ofBob.GetProperty("reports").EnumerateArray().Select(report => report.Text("by")!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Retention_OfMessages_TakesFlagsOfThatAgeAndKeepsWhatIsHeld()
    {
        var clock = new ShiftedTime();
        await using var app = await portal.StartAsync(clock);
        var (project, alice, bob) = await ChangeWorld.CreateAsync(app);
        var cat = await (await project.CreateUserAsync("cat")).LogInAsync();
        var server = await project.CreateServerAsync();
        await FlagAsync(alice, await bob.SayAsync("alice", "x"), $"open-{mark}");
        await FlagAsync(alice, await bob.SayAsync("alice", "y"), $"decided-{mark}");
        await FlagAsync(alice, await cat.SayAsync("alice", "z"), $"held-{mark}");
        var id = (await server.GetJsonAsync("moderation/flags")).GetProperty("flags")[1].Text("id");
        await server.PostJsonAsync($"moderation/flags/{id}/decision", new { action = "keep" });
        await app.Http.PutAsync("/api/data/retention", Keys(project, ("messageDays", "30"))).JsonAsync();
        await app.Http.PostAsync("/api/data/holds", Keys(project, ("username", "cat"), ("reason", "Case 7"))).JsonAsync();

        clock.Advance(TimeSpan.FromDays(29));
        await RunAsync(app);
        Assert.Equal(3, await CountAsync(app));
        alice = await alice.RefreshAsync();
        bob = await bob.RefreshAsync();
        await FlagAsync(alice, await bob.SayAsync("alice", "young"), $"young-{mark}");
        clock.Advance(TimeSpan.FromDays(2));
        await RunAsync(app);

        Assert.Equal(
            [$"table moderation: held-{mark}", $"table moderation: young-{mark}"],
            (await FindAsync(app)).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(2, (await server.GetJsonAsync("moderation/flags")).GetProperty("flags").GetArrayLength());
        Assert.Empty((await server.GetJsonAsync("moderation/flags?state=decided")).GetProperty("flags").EnumerateArray());

        async Task<int> CountAsync(VoxApp of) => (await FindAsync(of)).Distinct().Count();
    }

    [Fact]
    public async Task Store_FlagsByAUser_AreThoseOfTheirArchiveOnly()
    {
        var (project, alice, bob) = await ChangeWorld.CreateAsync(backends.App);
        var message = await bob.SayAsync("alice", "x");
        await FlagAsync(alice, message, "mine");
        await bob.PostJsonAsync("/api/v1/flags", new { user = "alice", reason = "other", text = "not mine" });

        var (flag, target) = Assert.Single(await backends.App.Get<FlagStore>().FlagsByAsync(
            project.Id, alice.Identity.Uid, CancellationToken.None));

        Assert.Equal(("mine", "bob", 1L), (flag.Text, target.LoginId, target.Sequence));
        Assert.Equal(ChangeWorld.ConversationOf(message), target.Conversation);
    }

    private static Task FlagAsync(TestSession by, string message, string text) => by.PostJsonAsync(
        "/api/v1/flags",
        new { conversation = ChangeWorld.ConversationOf(message), sequence = long.Parse(message.Split('/')[6]), reason = "spam", text });

    private async Task<IEnumerable<string>> FindAsync(VoxApp app) => (await DataSearch.FindAsync(
        backends.StorageConnection, app.TablePrefix, [$"open-{mark}", $"decided-{mark}", $"held-{mark}", $"young-{mark}"]))
        .Where(place => place.StartsWith("table moderation", StringComparison.Ordinal));

    private static async Task RunAsync(VoxApp app)
    {
        await app.Get<RetentionWork>().BeginAsync(CancellationToken.None);
        await app.Get<ErasureWork>().RunAsync(CancellationToken.None);
    }

    private static FormUrlEncodedContent Keys(TestProject project, params (string Name, string Value)[] fields) => new(
        [KeyValuePair.Create("projectid", project.Id), KeyValuePair.Create("authtoken", project.Token),
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
}
