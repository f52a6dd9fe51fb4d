using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Model;
using Vox.Chat.People;
using Vox.Chat.Projects;
using Vox.DevHost.DevTools;
using Vox.Platform.Storage;
using Vox.Tests.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Storage;

/// <summary>Projects spread over two storage accounts: two Azurites.</summary>
public sealed class ProjectAccountTests(Backends backends) : IAsyncLifetime
{
    private AzuriteProcess? second;

    public async ValueTask InitializeAsync()
        => second = await AzuriteProcess.StartAsync(new AzuriteOptions { BlobPort = 0 }, CancellationToken.None);

    public ValueTask DisposeAsync() => second!.DisposeAsync();

    [Fact]
    public async Task Projects_EachInOneAccount_WorkAsWithOne()
    {
        await using var app = await StartAsync(VoxApp.NewTablePrefix());
        foreach (var account in new[] { 0, 1 })
        {
            var project = await CreateInAsync(app, account);

            await UseAsync(project);

            Assert.Equal(account == 0, await HasRowsAsync(backends.StorageConnection, app, project.Id));
            Assert.Equal(account == 1, await HasRowsAsync(second!.ConnectionString, app, project.Id));
            Assert.Equal(account == 0, await HasBlobsAsync(backends.StorageConnection, app, project.Id));
            Assert.Equal(account == 1, await HasBlobsAsync(second!.ConnectionString, app, project.Id));
        }
    }

    [Fact]
    public async Task SecondAccount_AddedLater_OldProjectsStayWhereTheyAre()
    {
        var prefix = VoxApp.NewTablePrefix();
        TestProject old;
        await using (var before = await VoxApp.StartAsync(backends, tablePrefix: prefix))
        {
            // A project that its hash would put into the second account.
            do
            {
                old = await before.CreateProjectAsync();
            }
            while (Hashed(before, old.Id) != 1);
            await old.CreateUserAsync("alice");
            await (await old.CreateUserAsync("bob")).SendChatAsync("alice", "from before");
        }

        await using var after = await StartAsync(prefix);
        var project = old with { App = after };
        await new TestUser(project, "bob", "secret").SendChatAsync("alice", "and after");

        Assert.Equal(["and after", "from before"], (await project.HistoryAsync()).Select(row => row.Data));
        Assert.False(await HasRowsAsync(second!.ConnectionString, after, old.Id));
    }

    [Fact]
    public async Task Removal_OfAProjectInTheSecondAccount_LeavesNothingThere()
    {
        var clock = new ShiftedTime();
        await using var app = await StartAsync(VoxApp.NewTablePrefix(), clock);
        var project = await CreateInAsync(app, 1);
        await UseAsync(project);
        var removal = app.Get<ProjectRemoval>();

        await removal.BeginAsync(project.Id, CancellationToken.None);
        clock.Advance(TimeSpan.FromMinutes(11));
        await removal.ResumeAsync(CancellationToken.None);

        Assert.False(await HasRowsAsync(second!.ConnectionString, app, project.Id));
        Assert.False(await HasBlobsAsync(second!.ConnectionString, app, project.Id));
    }

    [Fact]
    public async Task Timers_FindWhatIsDueInEveryAccount()
    {
        var clock = new ShiftedTime();
        await using var app = await StartAsync(VoxApp.NewTablePrefix(), clock);
        var sessions = new List<TestSession>();
        foreach (var account in new[] { 0, 1 })
        {
            var project = await CreateInAsync(app, account);
            var session = await (await project.CreateUserAsync("alice")).LogInAsync();
            await session.PostAsync("/api/v1/presence", new { connection = "c1" }).TextAsync();
            sessions.Add(session);
        }

        clock.Advance(TimeSpan.FromMinutes(10));
        await app.Get<PresenceService>().ExpireAsync(CancellationToken.None);

        foreach (var account in new[] { backends.StorageConnection, second!.ConnectionString })
        {
            var table = new TableClient(account, app.TablePrefix + "presence");

            // The time of the daily search is all that stays.
            Assert.DoesNotContain(table.Query<TableEntity>(), row => row.PartitionKey != ChatKeys.LeaseSearch);
        }
    }

    private Task<VoxApp> StartAsync(string prefix, TimeProvider? clock = null) => VoxApp.StartAsync(
        backends, ["Storage:ProjectAccounts=" + second!.ConnectionString],
        builder => builder.Services.AddSingleton(clock ?? TimeProvider.System), prefix);

    private static int Hashed(VoxApp app, string projectId) =>
        new ProjectAccounts(2, new Lazy<Table>(() => app.Get<StorageClients>().Table("projects")), TimeProvider.System)
            .ChooseFor(projectId);

    private static async Task<TestProject> CreateInAsync(VoxApp app, int account)
    {
        while (true)
        {
            var project = await app.CreateProjectAsync();
            if (Hashed(app, project.Id) == account)
            {
                return project;
            }
        }
    }

    /// <summary>Makes a little of everything that is stored per project.</summary>
    private static async Task UseAsync(TestProject project)
    {
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var bob = await project.CreateUserAsync("bob");
        await bob.SendChatAsync("alice", "Hello");
        Assert.Equal("Hello", Assert.Single(await project.HistoryAsync()).Data);
        Assert.Single((await alice.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations").EnumerateArray());
        await alice.PostJsonAsync("/api/v1/groups", new { name = "Group", members = new[] { "bob" } });
        var bytes = "%PDF-1.4 of a test"u8.ToArray();
        var sent = await alice.SendFileAsync("bob", "paper.pdf", bytes);
        Assert.Equal(2, (await alice.GetJsonAsync("/api/v1/messages?with=bob")).GetProperty("messages").GetArrayLength());
        Assert.NotEqual(default, sent);
    }

    private static async Task<bool> HasRowsAsync(string account, VoxApp app, string projectId)
    {
        var rows = 0;
        foreach (var name in new[] { "users", "sessions", "recents", "conversations", "chatlog", "files", "userfiles", "people" })
        {
            try
            {
                await foreach (var _ in new TableClient(account, app.TablePrefix + name).QueryAsync<TableEntity>(
                    $"PartitionKey ge '{projectId}|' and PartitionKey lt '{projectId}}}'"))
                {
                    rows++;
                }
            }
            catch (Azure.RequestFailedException e) when (e.Status == 404)
            {
                // It was never needed in that account.
            }
        }

        return rows > 0;
    }

    private static async Task<bool> HasBlobsAsync(string account, VoxApp app, string projectId)
    {
        try
        {
            await foreach (var _ in new BlobContainerClient(account, app.TablePrefix.ToLowerInvariant() + "-files")
                .GetBlobsAsync(new Azure.Storage.Blobs.Models.GetBlobsOptions { Prefix = projectId }))
            {
                return true;
            }
        }
        catch (Azure.RequestFailedException e) when (e.Status == 404)
        {
            // It was never needed in that account.
        }

        return false;
    }
}
