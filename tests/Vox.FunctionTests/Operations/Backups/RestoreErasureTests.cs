using Vox.Chat.Projects;
using Vox.Chat.Protection;
using Vox.Tests.Fixture;
using Vox.Tests.Groups;

namespace Vox.Tests.Backups;

public sealed class RestoreErasureTests(Backends backends, SecondAccount second) : IClassFixture<SecondAccount>
{
    [Fact]
    public async Task Restore_OfATimeBeforeAnErasure_ErasesAgain()
    {
        var world = new BackupWorld(backends, second);
        await using var app = await world.StartAsync();
        var users = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        await users["alice"].SendMessageAsync("bob", "to be forgotten");
        await world.ExportAsync(app);
        await app.SettleAsync(users.Project.Id);
        var until = world.Clock.GetUtcNow().AddSeconds(1);
        world.Clock.Advance(TimeSpan.FromSeconds(10));
        await app.Http.PostAsync("/api/data/erasures", new FormUrlEncodedContent(
            [new("projectid", users.Project.Id), new("authtoken", users.Project.Token), new("username", "alice")])).TextAsync();
        await RunErasuresAsync(world, app);
        await world.ExportAsync(app);

        var state = await world.RestoreAsync(until);

        Assert.Equal(1, state.GetProperty("erasures").GetInt32());
        await using var restored = await world.StartRestoredAsync();
        Assert.Contains(await world.RowsAsync(restored: true), row => row.Contains("to be forgotten", StringComparison.Ordinal));
        await RunErasuresAsync(world, restored);
        Assert.DoesNotContain(await world.RowsAsync(restored: true), row => row.Contains("to be forgotten", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restore_OfATimeBeforeAConversationWasErased_SparesWhatIsWrittenAfterwards()
    {
        var world = new BackupWorld(backends, second);
        await using var app = await world.StartAsync();
        var users = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        var conversation = (await users["alice"].SendMessageAsync("bob", "to be forgotten")).GetProperty("conversation").GetString()!;
        await world.ExportAsync(app);
        var until = world.Clock.GetUtcNow().AddSeconds(1);
        world.Clock.Advance(TimeSpan.FromSeconds(10));
        for (var n = 0; n < 4; n++)
        {
            await users["alice"].SendMessageAsync("bob", $"lost {n}");
        }

        await EraseAsync(app, users.Project, ("conversation", conversation));
        await RunErasuresAsync(world, app);
        await world.ExportAsync(app);
        await world.RestoreAsync(until);

        // The sequences 2 to 5 are given again, before the erasure has run again: it was asked for up to 5.
        await using var restored = await world.StartRestoredAsync();
        var alice = await new TestUser(users.Project with { App = restored }, "alice", "secret").LogInAsync();
        Assert.Equal(2, (await alice.SendMessageAsync("bob", "written afterwards")).GetProperty("sequence").GetInt64());
        await restored.SettleAsync(users.Project.Id);
        await RunErasuresAsync(world, restored);

        var page = await alice.GetJsonAsync("/api/v1/messages?with=bob");
        Assert.Equal(
            ["written afterwards", ""], page.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("data").GetString()));
        Assert.Contains("written afterwards", (await restored.ReadLogAsync(users.Project.Id)).Select(entry => entry.Data));
    }

    [Fact]
    public async Task Restore_OfATimeBeforeAProjectWasErased_ErasesItAgain()
    {
        var world = new BackupWorld(backends, second);
        await using var app = await world.StartAsync();
        var users = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        await users["alice"].SendMessageAsync("bob", "to be forgotten");
        await world.ExportAsync(app);
        var until = world.Clock.GetUtcNow().AddSeconds(1);
        world.Clock.Advance(TimeSpan.FromSeconds(10));
        await EraseAsync(app, users.Project, ("confirmation", (await users.Project.ReadAsync()).Name));
        await RunErasuresAsync(world, app);
        await RunErasuresAsync(world, app);
        await world.ExportAsync(app);

        Assert.Equal(1, (await world.RestoreAsync(until)).GetProperty("erasures").GetInt32());

        await using var restored = await world.StartRestoredAsync();
        Assert.Contains(await world.RowsAsync(restored: true), row => row.Contains("to be forgotten", StringComparison.Ordinal));
        await RunErasuresAsync(world, restored);
        await RunErasuresAsync(world, restored);
        Assert.DoesNotContain(await world.RowsAsync(restored: true), row => row.Contains("to be forgotten", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restore_OfATimeBeforeAHold_KeepsTheHold()
    {
        var world = new BackupWorld(backends, second);
        await using var app = await world.StartAsync();
        var users = await GroupWorld.CreateAsync(backends, app, "alice", "bob");
        await users["alice"].SendMessageAsync("bob", "evidence");
        await world.ExportAsync(app);
        var until = world.Clock.GetUtcNow().AddSeconds(1);
        world.Clock.Advance(TimeSpan.FromSeconds(10));
        await app.Http.PostAsync("/api/data/holds", new FormUrlEncodedContent(
            [new("projectid", users.Project.Id), new("authtoken", users.Project.Token), new("username", "alice"), new("reason", "Case 7")]))
            .TextAsync();
        await world.ExportAsync(app);

        await world.RestoreAsync(until);

        await using var restored = await world.StartRestoredAsync();
        await restored.Http.PostAsync("/api/data/erasures", new FormUrlEncodedContent(
            [new("projectid", users.Project.Id), new("authtoken", users.Project.Token), new("username", "alice")])).ProblemAsync("on_hold");
    }

    private static Task EraseAsync(VoxApp app, TestProject project, (string Name, string Value) what) =>
        app.Http.PostAsync("/api/data/erasures", new FormUrlEncodedContent(
            [new("projectid", project.Id), new("authtoken", project.Token), new(what.Name, what.Value)])).TextAsync();

    private static async Task RunErasuresAsync(BackupWorld world, VoxApp app)
    {
        await app.Get<ErasureWork>().RunAsync(CancellationToken.None);
        await app.Get<ProjectRemoval>().ResumeAsync(CancellationToken.None);
        world.Clock.Advance(ErasureWork.UntilSweep);
        await app.Get<ErasureWork>().RunAsync(CancellationToken.None);
    }
}
