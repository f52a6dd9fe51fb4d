using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.Platform.RowVersions;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.RowVersions;

/// <summary>Rows that an earlier release wrote, on the example of projects.</summary>
public sealed class RowSweepTests(Backends backends)
{
    [Fact]
    public async Task Row_OfAnEarlierRelease_IsReadInTheNewestShapeAndWrittenInIt()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var id = await AddOldAsync(app);

        var project = await app.Get<ProjectService>().GetAsync(id, CancellationToken.None);

        Assert.Equal((1, Visibility.Everybody), (project.MinPasswordLength, project.Visibility));
        Assert.Equal(1, RowSchema.VersionOf(await ReadAsync(app, id)));
        await app.Get<ProjectService>().UpdateAsync(id, p => p with { Name = "Renamed" }, CancellationToken.None);
        Assert.Equal(2, RowSchema.VersionOf(await ReadAsync(app, id)));
    }

    [Fact]
    public async Task Sweep_CutOffAfterAPage_IsFinishedByAnotherAppWhichReadsNoRowTwice()
    {
        const int Rows = 1_100;
        var cut = new CutOff();
        await using var app = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<HttpPipelinePolicy>(cut), settings: ["Storage:Retries=0"]);
        var clock = PortalApp.Clock();
        await using var other = await VoxApp.StartAsync(
            backends, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock), tablePrefix: app.TablePrefix);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Rows), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) => await AddOldAsync(other));

        cut.PagesLeft = 1;
        await app.Get<RowSweep>().RunAsync(CancellationToken.None);
        var half = await StateAsync(app);
        Assert.Equal((1_000, 1_000), (half.Rows, half.Changed));
        Assert.Null(half.FinishedAt);
        // What has failed is tried again after a minute.
        clock.Advance(TimeSpan.FromMinutes(2));
        await other.Get<RowSweep>().RunAsync(CancellationToken.None);

        var (read, changed, finished) = await StateAsync(other);
        Assert.Equal((Rows, Rows), (read, changed));
        Assert.NotNull(finished);
        Assert.Empty(await OldAsync(other));
    }

    [Fact]
    public async Task Sweep_ByTwoAppsAtOnce_ChangesEachRowOnceAndCountsRight()
    {
        await using var one = await VoxApp.StartAsync(backends);
        await using var two = await VoxApp.StartAsync(backends, tablePrefix: one.TablePrefix);
        for (var i = 0; i < 20; i++)
        {
            await AddOldAsync(one);
        }

        await Task.WhenAll(
            one.Get<RowSweep>().RunAsync(CancellationToken.None), two.Get<RowSweep>().RunAsync(CancellationToken.None));

        // Whoever was faster with the state has counted; rows that the other changed are none of an older shape any more.
        var (read, changed, finished) = await StateAsync(one);
        Assert.Equal(20, read);
        Assert.InRange(changed, 0, 20);
        Assert.NotNull(finished);
        Assert.Empty(await OldAsync(one));
    }

    [Fact]
    public async Task Sweep_AfterAnEarlierReleaseWroteAgain_FindsItADayLaterAndThenNothing()
    {
        var clock = PortalApp.Clock();
        await using var app = await VoxApp.StartAsync(backends, clock);
        await AddOldAsync(app);
        await SweepAsync();
        var late = await AddOldAsync(app);

        await SweepAsync();
        Assert.Equal(1, RowSchema.VersionOf(await ReadAsync(app, late)));
        clock.Advance(TimeSpan.FromDays(1));
        await SweepAsync();

        Assert.Equal(2, RowSchema.VersionOf(await ReadAsync(app, late)));
        var state = await StateAsync(app);
        Assert.Equal((2, 1), (state.Rows, state.Changed));
        clock.Advance(TimeSpan.FromDays(1));
        await SweepAsync();
        state = await StateAsync(app);
        Assert.Equal((2, 0), (state.Rows, state.Changed));

        Task SweepAsync() => app.Get<RowSweep>().RunAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Row_OfALaterRelease_IsReadAsItIs()
    {
        await using var app = await VoxApp.StartAsync(backends);
        var id = await AddOldAsync(app);
        var row = await ReadAsync(app, id);
        ProjectStore.Schema.Upgrade(row);
        (row[RowSchema.Column], row["Later"]) = (7, "kept");
        await TableOf(app).UpsertEntityAsync(row, TableUpdateMode.Replace, CancellationToken.None);

        await app.Get<RowSweep>().RunAsync(CancellationToken.None);

        Assert.Equal("Old", (await app.Get<ProjectService>().GetAsync(id, CancellationToken.None)).Name);
        var stored = await ReadAsync(app, id);
        Assert.Equal((7, "kept"), (RowSchema.VersionOf(stored), stored.GetString("Later")));
    }

    [Fact]
    public void Schema_OfSeveralChanges_MakesThoseThatARowLacksInOrder()
    {
        var schema = new RowSchema("things", row => row["A"] = "1", row => row["B"] = row.GetString("A") + "2", row => row["C"] = "3");

        TableEntity first = new("p", "r"), third = new("p", "r") { [RowSchema.Column] = 3, ["A"] = "x", ["B"] = "y" };
        Assert.True(schema.Upgrade(first));
        Assert.True(schema.Upgrade(third));

        Assert.Equal(("1", "12", "3", 4), (first.GetString("A"), first.GetString("B"), first.GetString("C"), RowSchema.VersionOf(first)));
        Assert.Equal(("x", "y", "3"), (third.GetString("A"), third.GetString("B"), third.GetString("C")));
        Assert.False(schema.Upgrade(first));
    }

    /// <summary>A row as it was before projects had settings for passwords, visibility, metadata and accounts.</summary>
    private static async Task<string> AddOldAsync(VoxApp app)
    {
        var id = "pid_" + Guid.NewGuid().ToString("D").Replace('-', '_');
        await app.Get<StorageClients>().Table("projects").TryAddAsync(
            new TableEntity(id, Keys.ProjectRow) { ["Name"] = "Old", ["TokenHash"] = "hash", ["LogEnabled"] = true },
            CancellationToken.None);
        return id;
    }

    private static TableClient TableOf(VoxApp app) =>
        app.Get<StorageClients>().TablesOfEach[0].GetTableClient(app.TablePrefix + "projects");

    private static async Task<TableEntity> ReadAsync(VoxApp app, string id) =>
        (await TableOf(app).GetEntityAsync<TableEntity>(id, Keys.ProjectRow)).Value;

    private static async Task<List<string>> OldAsync(VoxApp app)
    {
        List<string> old = [];
        await foreach (var row in TableOf(app).QueryAsync<TableEntity>())
        {
            if (RowSchema.VersionOf(row) < ProjectStore.Schema.Version)
            {
                old.Add(row.PartitionKey);
            }
        }

        return old;
    }

    private static async Task<(long Rows, long Changed, DateTimeOffset? FinishedAt)> StateAsync(VoxApp app)
    {
        var (_, state) = Assert.Single(
            await app.Get<RowSweep>().ReadAsync(CancellationToken.None), table => table.Schema.Table == "projects");
        return (state!.Rows, state.Changed, state.FinishedAt);
    }

    /// <summary>Lets some pages of projects pass, and then none.</summary>
    private sealed class CutOff : HttpPipelinePolicy
    {
        public int? PagesLeft { get; set; }

        public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (message.Request.Method == RequestMethod.Get
                && message.Request.Uri.Path.EndsWith("projects()", StringComparison.Ordinal) && PagesLeft-- <= 0)
            {
                throw new IOException("Cut off by the test.");
            }

            return ProcessNextAsync(message, pipeline);
        }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessNext(message, pipeline);
    }
}
