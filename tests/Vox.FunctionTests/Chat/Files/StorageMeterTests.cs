using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

public sealed class StorageMeterTests(Backends backends)
{
    [Fact]
    public async Task Add_ManyAtOnceAndRepeated_CountsEachOnce()
    {
        var meter = backends.App.Get<FileMeterStore>();
        var project = (await backends.App.CreateProjectAsync()).Id;

        await Parallel.ForEachAsync(Enumerable.Range(0, 60), new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (i, token) =>
            await meter.AddAsync(project, "uid" + (i % 2), "file" + (i % 20), 1_000 + (i % 20), token));
        await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => meter.RemoveAsync(project, "uid" + (i % 2), "file" + (i % 2), CancellationToken.None)));

        var day = await meter.ReadDayAsync(
            project, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), CancellationToken.None);
        Assert.Equal(20_190, day.Added);
        Assert.Equal(2_001, day.Removed);
        Assert.Equal(18_189, day.Stored);
        Assert.Equal(20_190, day.Peak);
        Assert.Equal(18_189, await meter.TotalAsync(project, CancellationToken.None));
    }

    [Fact]
    public async Task ReadDay_WithoutChanges_IsWhatTheDayBeforeHasLeft()
    {
        var time = new ShiftedTime();
        await using var app = await VoxApp.StartAsync(backends, configure: b => b.Services.AddSingleton<TimeProvider>(time));
        var meter = app.Get<FileMeterStore>();
        var project = (await app.CreateProjectAsync()).Id;
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

        await meter.AddAsync(project, "uid", "file", 500, CancellationToken.None);
        time.Advance(TimeSpan.FromDays(3));
        await meter.AddAsync(project, "uid", "other", 70, CancellationToken.None);

        var stored = new List<long>();
        for (var day = -1; day < 5; day++)
        {
            stored.Add((await meter.ReadDayAsync(project, today.AddDays(day), CancellationToken.None)).Stored);
        }

        Assert.Equal([0, 500, 500, 500, 570, 570], stored);
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
        var meter = app.Get<FileMeterStore>();
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
        Assert.Equal(5, await project.App.Get<FileMeterStore>().TotalAsync(project.Id, CancellationToken.None));
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
        Assert.Equal(0, await project.App.Get<FileMeterStore>().TotalAsync(project.Id, CancellationToken.None));
    }
}
