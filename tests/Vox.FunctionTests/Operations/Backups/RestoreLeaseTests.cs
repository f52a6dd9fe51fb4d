using Vox.Operations.Backups;
using Vox.Tests.Fixture;
using Vox.Tests.Groups;

namespace Vox.Tests.Backups;

public sealed class RestoreLeaseTests(Backends backends, SecondAccount second) : IClassFixture<SecondAccount>
{
    private readonly BackupWorld world = new(backends, second);

    /// <summary>Two instances that write rows from the backup at the same time would write older ones over newer ones.</summary>
    [Fact]
    public async Task Restore_OfAFileThatTakesLongerThanTheLease_NobodyElseBeginsMeanwhile()
    {
        await PrepareAsync();
        var (faults, clock, writes, taken) = (new StorageFaults(), new Lock(), 0, 0);
        await using var app = await world.StartRestoringAsync(faults);
        await using var other = await world.StartRestoringAsync();
        await BackupWorld.BeginAsync(app, "restore");
        faults.Hold = async request =>
        {
            if (!request.Contains("$batch", StringComparison.Ordinal))
            {
                return;
            }

            lock (clock)
            {
                writes++;
                world.Clock.Advance(TimeSpan.FromSeconds(5));
            }

            await using var lease = await other.Get<WorkLeases>().TryTakeAsync("restore", CancellationToken.None);
            Interlocked.Add(ref taken, lease is null ? 0 : 1);
        };
        await app.Get<BackupRestore>().RunAsync(CancellationToken.None);
        faults.Hold = null;

        // Three minutes are 36 of them.
        Assert.True(writes > 72, $"Only {writes} writes.");
        Assert.Equal(0, taken);
        await BackupWorld.FinishAsync(app);
    }

    [Fact]
    public async Task Restore_WhoseLeaseSomebodyElseHas_WritesNothingMore()
    {
        var before = await PrepareAsync();
        var (faults, writes, after, stoodStill) = (new StorageFaults(), 0, 0, false);
        var taken = new TaskCompletionSource<WorkLease?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await world.StartRestoringAsync(faults);
        await using var other = await world.StartRestoringAsync();
        await BackupWorld.BeginAsync(app, "restore");
        faults.Hold = async request =>
        {
            if (request.Contains("$batch", StringComparison.Ordinal))
            {
                after += taken.Task.IsCompleted ? 1 : 0;
                if (Interlocked.Increment(ref writes) == 20)
                {
                    // As when the whole machine stood still for a while.
                    stoodStill = true;
                    world.Clock.Advance(TimeSpan.FromMinutes(4));
                    taken.SetResult(await other.Get<WorkLeases>().TryTakeAsync("restore", CancellationToken.None));
                }
            }
            else if (stoodStill && request.Contains("lease", StringComparison.Ordinal))
            {
                await taken.Task;
            }
        };
        await app.Get<BackupRestore>().RunAsync(CancellationToken.None);
        faults.Hold = null;

        var lease = await taken.Task;
        Assert.NotNull(lease);
        var state = (await app.Get<BackupRestore>().StateAsync(CancellationToken.None))!;
        Assert.Equal((RestoreStep.Rows, null, null), (state.Step, state.Segment, state.Problem));

        // No more than what was on its way: of more than 70 writes.
        Assert.True(after < 20, $"{after} further writes.");
        await lease.DisposeAsync();
        await BackupWorld.FinishAsync(other);
        Assert.Equal(before, await world.RowsAsync(restored: true));
    }

    /// <summary>Many partitions, each of which is a write of its own.</summary>
    /// <returns>The rows that are in the backup.</returns>
    private async Task<List<string>> PrepareAsync()
    {
        await using var app = await world.StartAsync();
        string[] names = [.. Enumerable.Range(0, 24).Select(n => $"user{n}")];
        var users = await GroupWorld.CreateAsync(backends, app, names);
        foreach (var name in names[1..])
        {
            await users[names[0]].SendMessageAsync(name, "hello");
        }

        await app.SettleAsync(users.Project.Id);
        await world.ExportAsync(app);
        return await world.RowsAsync(restored: false);
    }
}
