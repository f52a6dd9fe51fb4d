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

    private static async Task RunErasuresAsync(BackupWorld world, VoxApp app)
    {
        await app.Get<ErasureWork>().RunAsync(CancellationToken.None);
        world.Clock.Advance(ErasureWork.UntilSweep);
        await app.Get<ErasureWork>().RunAsync(CancellationToken.None);
    }
}
