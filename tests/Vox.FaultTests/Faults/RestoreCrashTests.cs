using System.Net.Http.Json;
using Vox.Operations.Backups;
using Vox.Tests.Fixture;

namespace Vox.Tests.Faults;

/// <summary>A restore goes on where a killed process has left it: real processes, killed while they write.</summary>
public sealed class RestoreCrashTests(Backends backends, SecondAccount second) : IClassFixture<SecondAccount>
{
    private const int Projects = 6;
    private const int Exports = 14;
    private const int Kills = 3;

    private readonly BackupWorld world = new(backends, second);

    [Fact]
    [Promise("VOX-R7")]
    public async Task Restore_ProcessIsKilledWhileItWritesAndBetweenSteps_HasEveryRowAndTheSameLog()
    {
        await using var app = await world.StartAsync();
        List<TestProject> projects = [];
        for (var n = 0; n < Projects; n++)
        {
            projects.Add(await FillAsync(await app.CreateProjectAsync()));
        }

        // More files than one step takes.
        for (var n = 0; n < Exports; n++)
        {
            await new TestUser(projects[n % Projects], "alice", "secret").SendChatAsync("bob", $"export {n}");
            await world.ExportAsync(app);
        }

        foreach (var project in projects)
        {
            await app.SettleAsync(project.Id);
        }

        var (before, log) = (await world.RowsAsync(restored: false), await LogAsync(app, projects));

        // It watches only: its clock is ahead, and the processes have the real one.
        await using var observer = await world.StartRestoringAsync();
        var restore = observer.Get<BackupRestore>();
        await BackupWorld.BeginAsync(observer, "restore", new { until = world.Clock.GetUtcNow() });
        var killedAt = new List<string>();
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var mortal = await VoxProcess.StartAsync(
                backends, world.Prefix, "Storage:ConnectionString=" + second.Connection, "Backup:Account=" + backends.StorageConnection,
                "Backup:Restoring=true");
            await RunAsync(mortal);
            var state = (await restore.StateAsync(CancellationToken.None))!;
            var last = state;
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (state == last && state.Step != RestoreStep.Done && !(kill == 0 && await HasRowsAsync()))
            {
                await Task.Delay(1, patience.Token);
                state = (await restore.StateAsync(CancellationToken.None))!;
            }

            await mortal.KillAsync();
            state = (await restore.StateAsync(CancellationToken.None))!;
            killedAt.Add($"{state.Step} {state.Segments}");
            if (kill == 0)
            {
                // In the middle of a file, mostly of the first.
                Assert.Equal(RestoreStep.Rows, state.Step);
            }

            await EndLeaseAsync(observer);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Killed at {string.Join(", ", killedAt)}.");
        await BackupWorld.FinishAsync(observer);
        Assert.Equal(before, await world.RowsAsync(restored: true));
        await using var restored = await world.StartRestoredAsync();
        Assert.Equal(log, await LogAsync(restored, projects));
    }

    private static async Task<TestProject> FillAsync(TestProject project)
    {
        await project.CreateUserAsync("alice");
        for (var n = 0; n < 10; n++)
        {
            await project.CreateUserAsync($"user{n}");
            await new TestUser(project, "alice", "secret").SendChatAsync($"user{n}", $"hello {n}");
        }

        await project.CreateUserAsync("bob");
        return project;
    }

    /// <summary>As the timer does.</summary>
    private static async Task RunAsync(VoxProcess process)
    {
        using var run = new HttpRequestMessage(HttpMethod.Post, "/admin/functions/RestoreTables") { Content = JsonContent.Create(new { }) };
        run.Headers.Add("x-functions-key", "local-master-key");
        await process.Http.SendAsync(run).TextAsync(202);
    }

    private async Task<bool> HasRowsAsync() => (await world.RowsAsync(restored: true)).Count > 0;

    /// <summary>Instead of waiting for three minutes.</summary>
    private static async Task EndLeaseAsync(VoxApp app)
    {
        var store = app.Get<BackupStore>();
        var (lease, version) = await store.FindStateAsync("lease|restore", BackupStateJson.Default.LeaseState, CancellationToken.None);
        await store.TryWriteStateAsync(
            "lease|restore", lease! with { Until = DateTimeOffset.UnixEpoch }, BackupStateJson.Default.LeaseState, version,
            CancellationToken.None);
    }

    private static async Task<List<string>> LogAsync(VoxApp app, List<TestProject> projects)
    {
        List<string> rows = [];
        foreach (var project in projects)
        {
            rows.AddRange((await app.ReadLogAsync(project.Id)).Select(
                entry => $"{project.Id} {entry.ConversationId} {entry.Sequence} {entry.Data}").Order(StringComparer.Ordinal));
        }

        return rows;
    }
}
