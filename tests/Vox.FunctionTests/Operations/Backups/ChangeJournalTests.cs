using Vox.Operations.Backups;
using Vox.Tests.Conversations;
using Vox.Tests.Fixture;

namespace Vox.Tests.Backups;

/// <summary>What it costs to note changes.</summary>
public sealed class ChangeJournalTests(Backends backends)
{
    private const int Messages = 60;

    [Fact]
    public async Task Send_WithBackups_CostsOneRequestMoreForEachInstanceAndInterval()
    {
        var clock = new ShiftedTime();
        await using var pair = await InstancePair.StartAsync(
            backends, 2, clock, "Backup:Account=" + backends.StorageConnection, "Backup:IntervalMinutes=15");
        var tip = await pair.WarmAsync();
        await pair.SettleAsync();
        pair.Clear();
        for (var n = 0; n < Messages; n++)
        {
            tip = InstancePair.Tip(await pair.SendAsync(n % 2, pair.Alice, "bob", $"text {n}", tip, clear: false));
        }

        await pair.SettleAsync();
        var changes = pair.Of(0, "changes").Length + pair.Of(1, "changes").Length;

        // An interval may end in between.
        Assert.InRange(changes, 0, 2);
        Assert.Equal(Messages, pair.Conversations(0).Length + pair.Conversations(1).Length);
    }

    [Fact]
    public async Task Send_NotesRefused_IsAnsweredAllTheSameAndNotedLater()
    {
        var faults = new StorageFaults();
        var second = new SecondAccount();
        await second.InitializeAsync();
        await using var _ = second;
        var world = new BackupWorld(backends, second);
        faults.Choose = request =>
            request.Contains(world.Prefix + "changes", StringComparison.Ordinal) ? Fault.RefusedBefore : Fault.None;
        await using var app = await world.StartAsync(faults, "Storage:Retries=0", "Logging:LogLevel:Vox=None");
        var project = await app.CreateProjectAsync();
        await project.CreateUserAsync("bob");
        await (await project.CreateUserAsync("alice")).SendChatAsync("bob", "all the same");

        faults.Choose = null;
        await app.Get<BackupExport>().RunAsync(CancellationToken.None);
        await world.ExportAsync(app);
        await world.RestoreAsync();

        await using var restored = await world.StartRestoredAsync();
        Assert.Equal(["all the same"], (await (project with { App = restored }).HistoryAsync()).Select(row => row.Data));
    }
}
