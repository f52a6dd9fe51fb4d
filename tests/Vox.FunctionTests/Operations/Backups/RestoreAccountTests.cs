using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Projects;
using Vox.DevHost.DevTools;
using Vox.Operations.Backups;
using Vox.Platform.Storage;
using Vox.Tests.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Backups;

/// <summary>A restore of projects that are in two storage accounts, into two other accounts.</summary>
public sealed class RestoreAccountTests(Backends backends, SecondAccount home) : IClassFixture<SecondAccount>, IAsyncLifetime
{
    private readonly BackupWorld world = new(backends, home);
    private AzuriteProcess? further;
    private AzuriteProcess? restored;

    public async ValueTask InitializeAsync()
    {
        further = await AzuriteProcess.StartAsync(new AzuriteOptions { BlobPort = 0 }, CancellationToken.None);
        restored = await AzuriteProcess.StartAsync(new AzuriteOptions { BlobPort = 0 }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await further!.DisposeAsync();
        await restored!.DisposeAsync();
    }

    /// <summary>
    /// A project that was deleted after the pass has rows in the backup from before and after. If the restore looked for its account while
    /// its row comes and goes, it would write to one account and delete in the other, and what was deleted would be back.
    /// </summary>
    [Fact]
    public async Task Restore_OfProjectsInTwoAccounts_PutsEachWhereItWasAndNothingOfADeletedOneComesBack()
    {
        await using var app = await world.StartAsync(null, Accounts(further!));
        var (first, second, gone) = (await CreateInAsync(app, 0), await CreateInAsync(app, 1), await CreateInAsync(app, 1));
        foreach (var project in new[] { first, second, gone })
        {
            await UseAsync(project);
        }

        await world.ExportAsync(app);
        Assert.NotNull((await app.Get<BackupExport>().StateAsync(CancellationToken.None)).Pass?.Ended);
        await UseAsync(second, "later");
        await UseAsync(gone, "later");
        await world.ExportAsync(app);
        await DeleteAsync(app, gone);
        await world.ExportAsync(app);
        await app.SettleAsync(second.Id);

        await using (var restoring = await world.StartRestoringAsync(null, Accounts(restored!)))
        {
            var begun = await BackupWorld.PostAsync(restoring, "restore").JsonAsync();
            Assert.Equal("projects", begun.GetProperty("step").GetString());
            Assert.Equal(0, (await BackupWorld.FinishAsync(restoring)).GetProperty("missing").GetInt64());
        }

        Assert.Equal(
            Without(gone, await world.RowsAsync(backends.StorageConnection)), Without(gone, await world.RowsAsync(home.Connection)));
        Assert.Equal(
            Without(gone, await world.RowsAsync(further!.ConnectionString)), await world.RowsAsync(restored!.ConnectionString));
        var left = (await world.RowsAsync(home.Connection)).Where(row => row.Contains(gone.Id, StringComparison.Ordinal));
        Assert.Equal(["filemeter", "uploads"], left.Select(row => row.Split(' ')[0]).Distinct());

        await using var after = await VoxApp.StartAsync(
            backends, ["Storage:ConnectionString=" + home.Connection, Accounts(restored!)],
            builder => builder.Services.AddSingleton<TimeProvider>(world.Clock), world.Prefix);
        foreach (var project in new[] { first, second })
        {
            var bob = await new TestUser(project with { App = after }, "bob", "secret").LogInAsync();
            await bob.SendMessageAsync("alice", "on it goes");
            var page = await bob.GetJsonAsync("/api/v1/messages?with=alice");
            Assert.Equal("on it goes", page.GetProperty("messages")[0].GetProperty("data").GetString());
        }
    }

    [Fact]
    public async Task Restore_IntoFewerAccountsThanThereWere_StopsAndSaysWhatToDo()
    {
        await using var app = await world.StartAsync(null, Accounts(further!));
        await UseAsync(await CreateInAsync(app, 1));
        await world.ExportAsync(app);

        await using var restoring = await world.StartRestoringAsync(null, "Logging:LogLevel:Vox=None");
        await BackupWorld.BeginAsync(restoring, "restore");
        await Assert.ThrowsAsync<InvalidOperationException>(() => restoring.Get<BackupRestore>().RunAsync(CancellationToken.None));

        var state = await BackupWorld.CallAsync(restoring, HttpMethod.Get, "restore").JsonAsync();
        Assert.Equal("rows", state.GetProperty("step").GetString());
        Assert.Contains("Storage__ProjectAccounts", state.GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    private static string Accounts(AzuriteProcess azurite) => "Storage:ProjectAccounts=" + azurite.ConnectionString;

    private static async Task<TestProject> CreateInAsync(VoxApp app, int account)
    {
        while (true)
        {
            var project = await app.CreateProjectAsync();
            if (app.Get<StorageClients>().Accounts.ChooseFor(project.Id) == account)
            {
                return project;
            }
        }
    }

    /// <summary>A little of everything that is stored by project.</summary>
    private static async Task UseAsync(TestProject project, string how = "first")
    {
        if (how == "first")
        {
            await project.CreateUserAsync("alice");
            await project.CreateUserAsync("bob");
        }

        var alice = await new TestUser(project, "alice", "secret").LogInAsync();
        await alice.SendMessageAsync("bob", how);
        await alice.PostJsonAsync("/api/v1/groups", new { name = how, members = new[] { "bob" } });
        await alice.SendFileAsync("bob", how + ".txt", "Hello"u8.ToArray());
        await project.App.SettleAsync(project.Id);
    }

    private async Task DeleteAsync(VoxApp app, TestProject project)
    {
        await app.Get<ProjectRemoval>().BeginAsync(project.Id, CancellationToken.None);
        await app.Get<ProjectRemoval>().ResumeAsync(CancellationToken.None);
        world.Clock.Advance(TimeSpan.FromMinutes(11));
        await app.Get<ProjectRemoval>().ResumeAsync(CancellationToken.None);
        Assert.Null(await app.Get<ProjectStore>().FindAsync(project.Id, CancellationToken.None));
    }

    private static List<string> Without(TestProject project, IEnumerable<string> rows) =>
        [.. rows.Where(row => !row.Contains(project.Id, StringComparison.Ordinal))];
}
