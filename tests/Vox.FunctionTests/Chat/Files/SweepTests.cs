using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Files;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

/// <summary>Whatever stops, and at whatever point: nothing is left behind, and nothing is sent twice or lost.</summary>
public sealed class SweepTests(Backends backends)
{
    private readonly ShiftedTime time = new();

    [Fact]
    public async Task Sweep_UploadNeverCompleted_IsRemoved()
    {
        await using var app = await StartAsync();
        var (project, alice) = await AliceAsync(app);
        await alice.BeginUploadAsync("never began.txt", 5);
        var half = await alice.BeginUploadAsync("half.bin", 9_000_000);
        await half.PutBlockAsync(0, new byte[half.BlockSize]);
        var whole = await alice.BeginUploadAsync("whole.txt", 5);
        using var put = await whole.PutWholeAsync("hello"u8.ToArray());

        await SweepAsync(app, TimeSpan.FromHours(23));
        Assert.Equal(2, (await project.BlobsAsync()).Count);
        await SweepAsync(app, TimeSpan.FromHours(2));

        Assert.Empty(await project.BlobsAsync());
        Assert.Empty(await project.FileRowsAsync());
        var again = await (await LogInAsync(project)).PostAsync($"/api/v1/files/{half.Id}/renew").ProblemAsync("upload_not_found");
        Assert.Contains("begin anew", again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_CancelledUploadWrittenOnceMore_IsRemoved()
    {
        await using var app = await StartAsync();
        var (project, alice) = await AliceAsync(app);
        var upload = await alice.BeginUploadAsync("a.txt", 5);
        await upload.PutAsync("hello"u8.ToArray());

        Assert.Equal(204, (int)(await alice.CancelUploadAsync(upload.Id)).StatusCode);
        Assert.Equal(204, (int)(await alice.CancelUploadAsync(upload.Id)).StatusCode);
        Assert.Empty(await project.BlobsAsync());
        await alice.PostCompleteAsync(upload.Id, new { to = "alice" }).ProblemAsync("upload_not_found");
        using var late = await upload.PutWholeAsync("hello"u8.ToArray());
        Assert.Equal(412, (int)late.StatusCode);
        await SweepAsync(app, TimeSpan.FromHours(25));

        Assert.Empty(await project.BlobsAsync());
        Assert.Empty(await project.FileRowsAsync());
    }

    [Fact]
    public async Task Sweep_AddressUsedAfterComplete_RemovesOnlyWhatCameLate()
    {
        await using var app = await StartAsync();
        var (project, alice) = await AliceAsync(app);
        var upload = await alice.BeginUploadAsync("a.txt", 5);
        await upload.PutAsync("hello"u8.ToArray());
        await alice.CompleteUploadAsync(upload.Id, new { to = "alice" });
        using var late = await upload.PutWholeAsync("HELLO"u8.ToArray());

        await SweepAsync(app, TimeSpan.FromHours(25));

        Assert.Equal(["files/" + upload.Url.AbsolutePath.Split("-uploads/")[1] + "/f"], await project.BlobsAsync());
        Assert.Equal("hello"u8.ToArray(), await (await LogInAsync(project)).DownloadAsync(upload.Key));
    }

    /// <summary>
    /// The process dies at each request to the storage in turn. Then either the client comes back, or only the sweep runs.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Complete_StoppedAtAnyRequest_IsFinishedOnceOrLeavesNothing(bool clientComesBack)
    {
        await using var app = await StartAsync("Storage:Retries=0", "Conversations:CommitSeconds=1", "Logging:LogLevel:Default=None");
        var (project, alice) = await AliceAsync(app);
        var picture = Pictures.Png(300, 200);
        var stages = new List<string>();
        var sentBefore = 0;
        for (var stage = 0; ; stage++)
        {
            var upload = await alice.BeginUploadAsync($"stage {stage}.png", picture.Length);
            await upload.PutAsync(picture);
            await app.SettleAsync(project.Id);
            var crash = new Crash(stage);
            app.Storage.Sent = crash.Before;
            var body = new { to = "alice", type = 4, clientMessageId = "stage" + stage };
            using var response = await alice.PostCompleteAsync(upload.Id, body);
            app.Storage.Sent = null;
            if (!crash.Happened)
            {
                Assert.Equal(200, (int)response.StatusCode);
                break;
            }

            stages.Add($"{stage}: {crash.Where} → {(int)response.StatusCode}");
            if (clientComesBack)
            {
                await alice.CompleteUploadAsync(upload.Id, body);
            }

            await SweepAsync(app, TimeSpan.FromHours(26));
            await SweepAsync(app, TimeSpan.FromMinutes(20));
            alice = await LogInAsync(project);
            var messages = (await alice.GetJsonAsync("/api/v1/messages?with=alice&size=100"))
                .GetProperty("messages").EnumerateArray().ToList();
            var sent = messages.Count - sentBefore;
            sentBefore = messages.Count;
            Assert.InRange(sent, clientComesBack ? 1 : 0, 1);
            if (sent == 1)
            {
                Assert.Equal(picture, await alice.DownloadAsync(upload.Key));
                Assert.NotEmpty(await alice.DownloadAsync("thumb_" + upload.Key));
            }

            Assert.Equal(3 * messages.Count, (await project.BlobsAsync()).Count);
            Assert.Equal(
                messages.Count, (await project.FileRowsAsync()).Count(row => row.StartsWith("filemeter", StringComparison.Ordinal)));
            Assert.Equal(messages.Count, (await project.FileRowsAsync()).Count(row => row.StartsWith("files", StringComparison.Ordinal)));
        }

        Assert.True(stages.Count > 15, string.Join('\n', stages));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', stages));
    }

    [Fact]
    public async Task BeginAndCancel_StoppedAtAnyRequest_LeaveNothingAfterTheSweep()
    {
        await using var app = await StartAsync("Storage:Retries=0", "Conversations:CommitSeconds=1", "Logging:LogLevel:Default=None");
        var (project, alice) = await AliceAsync(app);
        for (var stage = 0; stage < 12; stage++)
        {
            app.Storage.Sent = new Crash(stage).Before;
            using var begin = await alice.PostUploadAsync("a.txt", 5, key: $"abcdefghijklm{stage:D2}_a.txt");
            app.Storage.Sent = null;
            var upload = await alice.BeginUploadAsync("a.txt", 5, key: $"abcdefghijklm{stage:D2}_a.txt");
            await upload.PutAsync("hello"u8.ToArray());
            app.Storage.Sent = new Crash(stage).Before;
            using var cancel = await alice.CancelUploadAsync(upload.Id);
            app.Storage.Sent = null;
        }

        await SweepAsync(app, TimeSpan.FromHours(25));

        Assert.Empty(await project.BlobsAsync());
        Assert.Empty(await project.FileRowsAsync());
    }

    private async Task<VoxApp> StartAsync(params string[] settings) =>
        await VoxApp.StartAsync(backends, settings, builder => builder.Services.AddSingleton<TimeProvider>(time));

    private async Task SweepAsync(VoxApp app, TimeSpan after)
    {
        time.Advance(after);
        await app.Get<FileSweep>().RunAsync(CancellationToken.None);
    }

    private static async Task<(TestProject Project, TestSession Alice)> AliceAsync(VoxApp app)
    {
        var project = await app.CreateProjectAsync();
        await project.CreateUserAsync("alice");
        return (project, await LogInAsync(project));
    }

    private static Task<TestSession> LogInAsync(TestProject project) => new TestUser(project, "alice", "secret").LogInAsync();

    /// <summary>From a certain request on, no more requests go out, as if the process had ended.</summary>
    private sealed class Crash(int after)
    {
        private int count;

        public bool Happened { get; private set; }

        public string Where { get; private set; } = "";

        public void Before(string method, string path)
        {
            if (Interlocked.Increment(ref count) <= after)
            {
                return;
            }

            if (!Happened)
            {
                (Happened, Where) = (true, $"{method} {path.Split('?')[0]}");
            }

            throw new Azure.RequestFailedException(503, "The process has ended.");
        }
    }
}
