using System.Text.RegularExpressions;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Files;
using Vox.Chat.Model;
using Vox.Chat.Usage;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

public sealed class StorageMeterTests(Backends backends)
{
    [Fact]
    public async Task Add_ManyAtOnceAndRepeatedThroughTwoApps_CountsEachOnce()
    {
        await using var app = await VoxApp.StartAsync(backends);
        await using var other = await VoxApp.StartAsync(backends, tablePrefix: app.TablePrefix);
        FileMeter[] meters = [app.Get<FileMeter>(), other.Get<FileMeter>()];
        var project = (await app.CreateProjectAsync()).Id;

        await Parallel.ForEachAsync(Enumerable.Range(0, 120), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (i, token) =>
            await meters[i % 2].AddAsync(project, "uid" + (i % 4), "file" + (i % 20), 1_000 + (i % 20), token));
        Assert.Equal(20_190, await app.Get<FileMeter>().TotalAsync(project, CancellationToken.None));

        await Task.WhenAll(Enumerable.Range(0, 6).Select(
            i => meters[i % 2].RemoveAsync(project, "uid" + (i % 2), "file" + (i % 2), CancellationToken.None)));

        Assert.Equal(18_189, await other.Get<FileMeter>().TotalAsync(project, CancellationToken.None));
        for (var user = 0; user < 4; user++)
        {
            var files = Enumerable.Range(0, 20).Where(i => i % 4 == user && i > 1);
            Assert.Equal(
                files.Sum(i => 1_000L + i),
                (await app.Get<FileMeterStore>().ReadUserAsync(project, "uid" + user, 10, CancellationToken.None)).Bytes);
        }
    }

    [Fact]
    public async Task Add_WhatAnAnswerWasLostOf_IsCountedOnce()
    {
        var faults = new StorageFaults();
        await using var app = await VoxApp.StartAsync(backends, configure: b => b.Services.AddSingleton<HttpPipelinePolicy>(faults));
        var meter = app.Get<FileMeter>();
        var project = (await app.CreateProjectAsync()).Id;
        await meter.AddAsync(project, "uid", "first", 10, CancellationToken.None);
        foreach (var fault in new[] { Fault.ConflictAfter, Fault.OvertakenAfter, Fault.OvertakenBefore, Fault.BrokenAfter })
        {
            var once = 1;
            faults.Choose = request => request.Contains("batch", StringComparison.Ordinal) && Interlocked.Exchange(ref once, 0) == 1
                ? fault : Fault.None;
            await meter.AddAsync(project, "uid", "file" + fault, 10, CancellationToken.None);
        }

        Assert.Equal(50, await meter.TotalAsync(project, CancellationToken.None));
    }

    [Fact]
    public async Task Stored_WithoutChanges_IsWhatTheDayBeforeHasLeft()
    {
        var time = new ShiftedTime();
        await using var app = await VoxApp.StartAsync(backends, configure: b => b.Services.AddSingleton<TimeProvider>(time));
        var meter = app.Get<FileMeter>();
        var project = (await app.CreateProjectAsync()).Id;
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

        await meter.AddAsync(project, "uid", "file", 500, CancellationToken.None);
        await FoldAsync(app, time);
        time.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(8));
        await meter.AddAsync(project, "another", "other", 70, CancellationToken.None);
        await FoldAsync(app, time);

        var stored = new List<long>();
        for (var day = -1; day < 5; day++)
        {
            stored.Add(await meter.StoredAsync(project, today.AddDays(day), CancellationToken.None));
        }

        Assert.Equal([0, 500, 500, 500, 570, 570], stored);
    }

    [Fact]
    public async Task Fold_ByTwoAppsAtOnce_ReadsOnlyProjectsThatHaveChanged()
    {
        var time = new ShiftedTime();
        await using var app = await VoxApp.StartAsync(backends, configure: b => b.Services.AddSingleton<TimeProvider>(time));
        await using var other = await VoxApp.StartAsync(
            backends, configure: b => b.Services.AddSingleton<TimeProvider>(time), tablePrefix: app.TablePrefix);
        var (project, idle) = ((await app.CreateProjectAsync()).Id, (await app.CreateProjectAsync()).Id);
        await app.Get<FileMeter>().AddAsync(idle, "uid", "file", 5, CancellationToken.None);
        await FoldAsync(app, time);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

        foreach (var (i, one) in new[] { app, other, app, other }.Index())
        {
            await one.Get<FileMeter>().AddAsync(project, "uid" + i, "file" + i, 100, CancellationToken.None);
        }

        time.Advance(TimeSpan.FromMinutes(8));
        var paths = new System.Collections.Concurrent.ConcurrentBag<string>();
        app.Storage.Sent = (_, path) => paths.Add(path);
        await Task.WhenAll(
            app.Get<UsageFold>().RunAsync(CancellationToken.None), other.Get<UsageFold>().RunAsync(CancellationToken.None));
        app.Storage.Sent = null;

        Assert.Equal(400, await app.Get<FileMeter>().StoredAsync(project, today, CancellationToken.None));
        Assert.Equal(400, (await app.Get<FileMeterStore>().ReadFoldedAsync(project, CancellationToken.None)).Bytes);
        Assert.DoesNotContain(paths, path => path.Contains(idle, StringComparison.Ordinal));
        Assert.Empty(await app.Get<FoldMarkStore>().FindAsync("", DateTimeOffset.MaxValue, 10, CancellationToken.None));
    }

    [Fact]
    public async Task Add_ToFilesFromBeforeThereWereShards_CountsThemOn()
    {
        var time = new ShiftedTime();
        await using var app = await VoxApp.StartAsync(
            backends, ["Files:UserQuotaBytes=10000"], b => b.Services.AddSingleton<TimeProvider>(time));
        var meter = app.Get<FileMeter>();
        var project = (await app.CreateProjectAsync()).Id;
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var table = app.Get<StorageClients>().ProjectTable("filemeter");
        await table.UpsertAsync(new(project, "total") { ["Bytes"] = 8_000L }, CancellationToken.None);
        await table.UpsertAsync(new(project, "u|uid") { ["Bytes"] = 8_000L }, CancellationToken.None);
        await table.UpsertAsync(new(project, "f|old") { ["Bytes"] = 8_000L, ["Uid"] = "uid" }, CancellationToken.None);
        await table.UpsertAsync(
            new(project, ChatKeys.MeterDay(today.AddDays(-9))) { ["Stored"] = 8_000L, ["Peak"] = 9_000L }, CancellationToken.None);
        Assert.Equal(8_000, await meter.StoredAsync(project, today, CancellationToken.None));

        await meter.AddAsync(project, "uid", "new", 1_500, CancellationToken.None);
        var refused = await Assert.ThrowsAsync<VoxException>(() => meter.AddAsync(project, "uid", "more", 1_000, CancellationToken.None));
        await FoldAsync(app, time);

        Assert.Equal("quota_exceeded", refused.Error.Code);
        Assert.Equal(9_500, await meter.TotalAsync(project, CancellationToken.None));
        Assert.Equal(9_500, await meter.StoredAsync(project, today, CancellationToken.None));
        Assert.Equal(8_000, await meter.StoredAsync(project, today.AddDays(-5), CancellationToken.None));
        await meter.RemoveAsync(project, "uid", "old", CancellationToken.None);
        await FoldAsync(app, time);
        Assert.Equal(1_500, await meter.TotalAsync(project, CancellationToken.None));
        Assert.Equal(1_500, await meter.StoredAsync(project, today, CancellationToken.None));
    }

    [Fact]
    public async Task Add_OverTheProjectsQuota_IsRefusedThoughAnotherAppHasCounted()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Files:ProjectQuotaBytes=10000"]);
        await using var other = await VoxApp.StartAsync(backends, ["Files:ProjectQuotaBytes=10000"], tablePrefix: app.TablePrefix);
        var project = (await app.CreateProjectAsync()).Id;
        await app.Get<FileMeter>().AddAsync(project, "uid", "file", 100, CancellationToken.None);
        await other.Get<FileMeter>().AddAsync(project, "another", "other", 9_000, CancellationToken.None);

        var refused = await Assert.ThrowsAsync<VoxException>(
            () => other.Get<FileMeter>().AddAsync(project, "uid", "more", 901, CancellationToken.None));
        await other.Get<FileMeter>().AddAsync(project, "uid", "less", 900, CancellationToken.None);
        await other.Get<FileMeter>().AddAsync(project, "uid", "less", 900, CancellationToken.None);

        Assert.Equal("quota_exceeded", refused.Error.Code);
        Assert.Equal(10_000, await app.Get<FileMeter>().TotalAsync(project, CancellationToken.None));
    }

    [Fact]
    public async Task CompleteUpload_TwoHundredOfOneProjectAtOnceThroughThreeApps_TakesSixTableRequestsEach()
    {
        await using var app = await VoxApp.StartAsync(backends);
        await using var second = await VoxApp.StartAsync(backends, tablePrefix: app.TablePrefix);
        await using var third = await VoxApp.StartAsync(backends, tablePrefix: app.TablePrefix);
        VoxApp[] apps = [app, second, third];
        var project = await app.CreateProjectAsync();
        var sessions = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            async i => await (await project.CreateUserAsync("user" + i)).LogInAsync()));
        var uploads = new (TestSession Session, Upload Upload)[200];
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            var session = sessions[i % 20];
            uploads[i] = (session, await session.BeginUploadAsync($"{i}.txt", 10));
            await uploads[i].Upload.PutAsync(new byte[10]);
        });

        // Each app has met each user, and knows the sessions.
        await Task.WhenAll(apps.SelectMany(
            one => sessions.Select(session => (session with { App = one }).GetJsonAsync("/api/v1/profile"))));
        var requests = new System.Collections.Concurrent.ConcurrentBag<string>();
        Array.ForEach(apps, one => one.Storage.Sent = (method, path) => requests.Add($"{method} {path}"));
        var answers = await Task.WhenAll(uploads.Select(
            (upload, i) => (upload.Session with { App = apps[i % 3] }).PostCompleteAsync(upload.Upload.Id, new { type = 7 })));
        Array.ForEach(apps, one => one.Storage.Sent = null);

        Assert.All(answers, answer => Assert.Equal(200, (int)answer.StatusCode));
        Array.ForEach(answers, answer => answer.Dispose());
        Assert.Equal(2_000, await app.Get<FileMeter>().TotalAsync(project.Id, CancellationToken.None));
        var tables = requests.Where(request => TableOf(app, request) is not null).ToList();
        var byTable = string.Join(", ", tables.CountBy(request => TableOf(app, request)!));
        TestContext.Current.SendDiagnosticMessage($"{tables.Count / 200.0} table requests each: {byTable}");
        Assert.True(tables.Count <= 6 * 200, byTable);
    }

    [Fact]
    public async Task SendFile_OverTheUsersQuota_IsRefusedBeforeAndAfterTheUpload()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Files:UserQuotaBytes=10000"]);
        var project = await app.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        var first = await alice.BeginUploadAsync("a.bin", 6_000);
        var second = await alice.BeginUploadAsync("b.bin", 4_000);
        await first.PutAsync(new byte[6_000]);
        await second.PutAsync(new byte[4_000]);

        // What another instance has counted meanwhile.
        var meter = app.Get<FileMeter>();
        var uid = (await app.Get<FileStore>().FindAsync(project.Id, first.Id, CancellationToken.None))!.OwnerUid;
        await meter.AddAsync(project.Id, uid, "elsewhere", 1_000, CancellationToken.None);
        await alice.CompleteUploadAsync(first.Id, new { to = "bob" });
        await alice.PostCompleteAsync(second.Id, new { to = "bob" }).ProblemAsync("quota_exceeded");
        await alice.PostUploadAsync("c.bin", 6_000).ProblemAsync("quota_exceeded");
        await bob.SendFileAsync("alice", "d.bin", new byte[6_000]);

        Assert.Equal(2, (await project.BlobsAsync()).Count);
        Assert.Equal(13_000, await meter.TotalAsync(project.Id, CancellationToken.None));
    }

    [Fact]
    public async Task BeginUpload_WhatOpenOnesHaveAnnounced_CountsAgainstTheQuota()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Files:UserQuotaBytes=10000"]);
        var project = await app.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var first = await alice.BeginUploadAsync("a.bin", 6_000);

        await alice.PostUploadAsync("b.bin", 6_000).ProblemAsync("quota_exceeded", "size");
        await alice.CancelUploadAsync(first.Id);
        await alice.BeginUploadAsync("b.bin", 6_000);
    }

    [Fact]
    public async Task BeginUpload_ManyOpenOnes_IsRefused()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Files:MaxPendingUploads=3"]);
        var project = await app.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var first = await alice.BeginUploadAsync("a.txt", 5);
        await alice.BeginUploadAsync("b.txt", 5);
        await alice.BeginUploadAsync("c.txt", 5);

        await alice.PostUploadAsync("d.txt", 5).ProblemAsync("limit_reached");
        await alice.CancelUploadAsync(first.Id);
        await alice.BeginUploadAsync("d.txt", 5);
    }

    [Fact]
    public async Task BeginUpload_ManyAtTheSameMoment_DoNotPassTheLimitTogether()
    {
        await using var app = await VoxApp.StartAsync(backends, ["Files:MaxPendingUploads=5", "Files:UserQuotaBytes=10000000"]);
        var project = await app.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            using var response = await alice.PostUploadAsync($"f{i}.bin", 2_000_000);
            return response.IsSuccessStatusCode;
        }));

        Assert.InRange(answers.Count(ok => ok), 0, 5);
        // What was refused is not in the way of what follows.
        while (answers.Count(ok => ok) is var open && open < 5)
        {
            await alice.BeginUploadAsync($"g{open}.bin", 2_000_000);
            answers = [.. answers, true];
        }
    }

    [Fact]
    public async Task DeleteUser_WithFilesAndUploads_RemovesTheirBytesAndCounts()
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await (await project.CreateUserAsync("alice")).LogInAsync();
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        var sent = await alice.SendFileAsync("bob", "a.png", Pictures.Png(20, 20), 4);
        var open = await alice.BeginUploadAsync("b.bin", 9);
        await open.PutBlockAsync(0, new byte[5]);
        var kept = await bob.SendFileAsync("alice", "c.txt", "hello"u8.ToArray());

        using var response = await project.DeleteUserAsync("alice");

        Assert.True(response.IsSuccessStatusCode);
        Assert.Single(await project.BlobsAsync());
        Assert.Equal(5, await project.App.Get<FileMeter>().TotalAsync(project.Id, CancellationToken.None));
        using var gone = await bob.GetMediaAsync("preview_" + sent.GetProperty("key").GetString());
        Assert.Equal(404, (int)gone.StatusCode);
        Assert.Equal("hello"u8.ToArray(), await bob.DownloadAsync(kept.GetProperty("key").GetString()!));
    }

    [Fact]
    public async Task RemoveProject_WithFilesOfSeveral_LeavesOnlyTheDays()
    {
        var project = await backends.App.CreateProjectAsync();
        foreach (var name in new[] { "alice", "bob" })
        {
            var session = await (await project.CreateUserAsync(name)).LogInAsync();
            await session.SendFileAsync(name, "a.png", Pictures.Png(20, 20), 4);
            await session.BeginUploadAsync("b.bin", 9);
        }

        await project.App.Get<FileRemoval>().RemoveAsync(project.Id, CancellationToken.None);

        Assert.Empty(await project.BlobsAsync());
        Assert.DoesNotContain(await project.FileRowsAsync(), row => !row.StartsWith("uploads", StringComparison.Ordinal));
        Assert.Equal(0, await project.App.Get<FileMeter>().TotalAsync(project.Id, CancellationToken.None));
    }

    /// <summary>The table of a storage request, or <c>$batch</c>; null for a request to a blob.</summary>
    private static string? TableOf(VoxApp app, string request) => Regex.Match(
        request, $@"/devstoreaccount1/(?:{app.TablePrefix}(?<table>[a-z]+)[(]|{app.TablePrefix}(?<table>[a-z]+)$|(?<table>\$batch))",
        RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)) is { Success: true } match ? match.Groups["table"].Value : null;

    /// <summary>Does what the timer does, when it is time.</summary>
    private static Task FoldAsync(VoxApp app, ShiftedTime time)
    {
        time.Advance(TimeSpan.FromMinutes(8));
        return app.Get<UsageFold>().RunAsync(CancellationToken.None);
    }
}
