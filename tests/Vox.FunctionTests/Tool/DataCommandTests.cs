using System.Globalization;
using Vox.Chat.Exports;
using Vox.Chat.Protection;
using Vox.Operations.Backups;
using Vox.Tests.Backups;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Tool;

public sealed class DataCommandTests(PortalApp portal, Backends backends) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Data_EraseHoldLift_DoWhatTheyAreAskedAndSayTheId()
    {
        var clock = new ShiftedTime();
        await using var app = await portal.StartAsync(clock);
        var project = await app.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        await RunAsync(app, "data", "hold", project.Id, "--user", "alice", "--reason", "Case 7");
        var hold = (await RunAsync(app, "data", "holds", project.Id, "--json")).Json.GetProperty("holds")[0].GetProperty("id").GetString()!;
        var refused = await ToolRun.OfAsync(app, "data", "erase", project.Id, "--user", "alice");
        Assert.Equal(1, refused.Exit);
        Assert.Contains("(on_hold)", refused.Error, StringComparison.Ordinal);
        await RunAsync(app, "data", "lift-hold", project.Id, hold);

        var begun = await RunAsync(app, "data", "erase", project.Id, "--user", "alice");
        Assert.Contains("has begun", begun.Output, StringComparison.Ordinal);
        await app.Get<ErasureWork>().RunAsync(CancellationToken.None);
        clock.Advance(ErasureWork.UntilSweep);
        await app.Get<ErasureWork>().RunAsync(CancellationToken.None);

        Assert.Matches(@"\s+user +done ", (await RunAsync(app, "data", "erasures", project.Id)).Output);
        var nothing = await ToolRun.OfAsync(app, "data", "erase", project.Id);
        Assert.Contains("(missing_field)", nothing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_ExportAndRetention_AreShown()
    {
        await using var app = await portal.StartAsync(new ShiftedTime());
        var project = await app.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        var id = (await RunAsync(app, "data", "export", project.Id, "--json")).Json.GetProperty("id").GetString()!;
        Assert.Contains("(not_found)", (await ToolRun.OfAsync(app, "data", "export-link", project.Id, id)).Error, StringComparison.Ordinal);
        await app.Get<ExportWork>().RunAsync(CancellationToken.None);

        Assert.Matches($@"{id} +project +ready ", (await RunAsync(app, "data", "exports", project.Id)).Output);
        var link = (await RunAsync(app, "data", "export-link", project.Id, id)).Output.Trim();
        using var http = new HttpClient();
        Assert.NotEmpty(await http.GetByteArrayAsync(new Uri(link), TestContext.Current.CancellationToken));

        Assert.Matches(@"for ever +for ever +for ever", (await RunAsync(app, "data", "retention", project.Id)).Output);
        await RunAsync(app, "data", "retention", project.Id, "--message-days", "30", "--file-days", "7");
        Assert.Matches(@"for ever +30 days +7 days", (await RunAsync(app, "data", "retention", project.Id)).Output);
        var refused = await ToolRun.OfAsync(app, "data", "retention", project.Id, "--log-days", "4000");
        Assert.Contains("(invalid_field)", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rates_SetAndTakenBack_AreListed()
    {
        var clock = new ShiftedTime();
        await using var app = await portal.StartAsync(clock);
        var project = await app.CreateProjectAsync();
        var day = clock.GetUtcNow().AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        await RunAsync(app, "rates", "set", project.Id, "--from", day, "--user-prices", "500:0 *:0.02");

        Assert.Matches($@"{day} +500:0 \*:0\.02 +standard", (await RunAsync(app, "rates", "list", project.Id)).Output);
        Assert.DoesNotContain(day, (await RunAsync(app, "rates", "take-back", project.Id, "--from", day)).Output, StringComparison.Ordinal);
        var refused = await ToolRun.OfAsync(app, "rates", "set", project.Id, "--from", "yesterday");
        Assert.Contains("(invalid_field)", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timers_NothingFails_SaysSo()
    {
        Assert.Contains("Nothing fails.", (await RunAsync(portal.App, "timers", "list")).Output, StringComparison.Ordinal);
        var retried = await RunAsync(portal.App, "timers", "retry", "ChargeProjects");
        Assert.Contains("Taken up again: 0", retried.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_OfAnAppThatServes_ShowsItsAgeAndRefusesToRestore()
    {
        Assert.Contains("Nothing is backed up", (await RunAsync(portal.App, "backup", "status")).Output, StringComparison.Ordinal);
        string[][] refused = [["restore"], ["failover"], ["rebuild-log", (await portal.App.CreateProjectAsync()).Id]];
        foreach (var arguments in refused)
        {
            var run = await ToolRun.OfAsync(portal.App, ["backup", .. arguments]);
            Assert.True(run.Exit == 1 && run.Error.Contains("(not_restoring)", StringComparison.Ordinal), run.Error + run.Output);
        }
    }

    [Fact]
    public async Task Backup_InRestoreMode_RebuildsTheLogAndShowsHowFarItIs()
    {
        var prefix = VoxApp.NewTablePrefix();
        TestProject project;
        await using (var app = await VoxApp.StartAsync(backends, tablePrefix: prefix))
        {
            project = await app.CreateProjectAsync();
            var (alice, _) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
            await alice.SendChatAsync("bob", "one");
            await app.SettleAsync(project.Id);
        }

        await using var restoring = await VoxApp.StartAsync(backends, ["Backup:Restoring=true"], tablePrefix: prefix);
        Assert.Matches("Step +deleteLog", (await RunAsync(restoring, "backup", "rebuild-log", project.Id)).Output);
        await restoring.Get<BackupRestore>().RunAsync(CancellationToken.None);

        var progress = (await RunAsync(restoring, "backup", "progress")).Output;
        Assert.Matches("Step +done", progress);
        Assert.Matches("Logged +1 rows", progress);
    }

    private static async Task<ToolRun> RunAsync(VoxApp app, params string[] arguments)
    {
        var run = await ToolRun.OfAsync(app, arguments);
        Assert.True(run.Exit == 0, run.Error + run.Output);
        return run;
    }
}
