using System.Security.Cryptography;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

/// <summary>Uploads of large files that are interrupted, resumed and cancelled.</summary>
public sealed class UploadTests(Backends backends, Browser browser)
{
    /// <summary>The records that the page keeps of unfinished uploads.</summary>
    private const string Transfers = """
        new Promise(resolve => {
          const opening = indexedDB.open("vox.uploads");
          opening.onsuccess = () => {
            const all = opening.result.transaction("transfers").objectStore("transfers").getAll();
            all.onsuccess = () => { opening.result.close(); resolve(all.result); };
          };
        })
        """;

    private const string CountTransfers = Transfers + ".then(all => all.length)";

    [Fact]
    public async Task SendFile_VideoOf200MegabytesStoppedAtHalf_GoesOnAfterAReloadAndArrivesIntact()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        using var video = await VideoFile.WriteAsync(200_000_000);
        await PickAsync(couple.Alice, video.Path);
        // 25 of 48 blocks get through.
        var held = await HeldBlocks.HoldAsync(couple.Alice.Page, 25);
        await couple.Alice.EvaluateAsync(
            "CS.chat.sendFile('bob', 5, 'video/mp4', undefined, document.querySelector('#pick').files[0], true, CS.appId, () => {})");
        await couple.Alice.WaitForAsync("events.some(e => e.type === 'FILE-PROGRESS' && e.payload.loaded > 100e6)", 120);
        await held.Reached.WaitAsync(TimeSpan.FromMinutes(1));
        await WrittenDownAsync(couple.Alice);
        var progress = (await couple.Alice.EventsAsync("FILE-PROGRESS")).EnumerateArray()
            .Select(e => e.GetProperty("payload").GetProperty("loaded").GetInt64()).ToList();
        Assert.True(progress.Distinct().Count() > 20, $"{progress.Count} times");
        Assert.Equal(progress.Order(), progress);
        Assert.All(progress, loaded => Assert.InRange(loaded, 0, 104_857_600));

        await couple.Alice.ReloadAsync();
        await held.ReleaseAsync();
        await couple.Alice.LogInAsync(new TestUser(couple.Project, "alice", "secret"));

        // The upload does not start from the beginning again.
        var resumed = await couple.Alice.WaitForEventAsync("FILE-PROGRESS", "p.loaded > 0", 60);
        Assert.InRange(resumed.GetProperty("loaded").GetInt64(), 104_857_600, 200_000_000);
        var message = await couple.Bob.WaitForEventAsync("NEW-MESSAGE", seconds: 180);
        Assert.Equal(200_000_000, message.GetProperty("size").GetInt64());
        Assert.Equal("video", message.GetProperty("chattype").GetString());
        Assert.Equal(video.Hash, await HashAsync(couple.Bob, message.GetProperty("data").GetString()!));
        await couple.Alice.WaitForEventAsync("SENT");
        Assert.Single(await couple.Bob.SettledAsync("NEW-MESSAGE"));
        Assert.Single(await couple.Alice.SettledAsync("SENT"));
        Assert.Equal(0, await couple.Alice.EvaluateAsync<int>(CountTransfers));
    }

    [Fact]
    public async Task CancelFile_AtHalf_ReceiverHearsNothingAndItCanBeSentAgain()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        using var video = await VideoFile.WriteAsync(60_000_000);
        await PickAsync(couple.Alice, video.Path);
        var held = await HeldBlocks.HoldAsync(couple.Alice.Page, 7);
        const string Send = "sent = CS.chat.sendFile('bob', 5, 'video/mp4', undefined, document.querySelector('#pick').files[0], true, "
            + "code => (window.codes ??= []).push(code))";
        await couple.Alice.EvaluateAsync("() => { window." + Send + "; }");
        await couple.Alice.WaitForAsync("events.some(e => e.type === 'FILE-PROGRESS' && e.payload.loaded > 25e6)", 60);
        await held.Reached.WaitAsync(TimeSpan.FromMinutes(1));

        await couple.Alice.Page.RunAndWaitForResponseAsync(
            () => couple.Alice.EvaluateAsync("CS.chat.cancelFile(sent.id)"), r => r.Request.Method == "DELETE");
        var cancelled = await couple.Alice.WaitForEventAsync("SENT");
        await held.ReleaseAsync();
        await couple.Alice.EvaluateAsync("() => { window." + Send + "; }");

        Assert.Equal(409, cancelled.GetProperty("status").GetInt32());
        var message = await couple.Bob.WaitForEventAsync("NEW-MESSAGE", seconds: 90);
        Assert.Equal(video.Hash, await HashAsync(couple.Bob, message.GetProperty("data").GetString()!));
        await couple.Alice.WaitForAsync("codes.length === 2");
        Assert.Equal("409,200", await couple.Alice.EvaluateAsync<string>("codes.join()"));
        Assert.Single(await couple.Bob.SettledAsync("NEW-MESSAGE"));
        Assert.Equal(0, await couple.Alice.EvaluateAsync<int>(CountTransfers));
    }

    /// <summary>
    /// A cancellation while the server is told that the upload is complete, or after the answer to that was lost. It either comes in time,
    /// or it does not cancel anything.
    /// </summary>
    [Fact]
    public async Task CancelFile_InTheMomentOfSending_IsEitherCancelledOrSent()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        var calls = 0;
        await couple.Alice.Page.RouteAsync("**/complete", async route =>
        {
            if (Interlocked.Increment(ref calls) > 1)
            {
                await route.ContinueAsync();
                return;
            }

            // The server has sent the message, but the client does not learn of it.
            await route.FetchAsync();
            asked.SetResult();
            await answer.Task;
            await route.AbortAsync();
        });

        await couple.Alice.EvaluateAsync(
            "() => { window.sent = CS.chat.sendFile('bob', 7, 'text/plain', undefined, new File(['hello'], 'a.txt'), true, "
            + "code => (window.codes ??= []).push(code)); }");
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await couple.Alice.EvaluateAsync("CS.chat.cancelFile(sent.id)");
        answer.SetResult();
        // Once more, in the pause before the client asks again.
        await couple.Alice.EvaluateAsync("window.again = setInterval(() => CS.chat.cancelFile(sent.id), 20)");

        Assert.Equal(200, (await couple.Alice.WaitForEventAsync("SENT")).GetProperty("status").GetInt32());
        Assert.Equal("200", await couple.Alice.EvaluateAsync<string>("codes.join()"));
        await couple.Bob.WaitForEventAsync("NEW-MESSAGE");
        Assert.Single(await couple.Bob.SettledAsync("NEW-MESSAGE"));
    }

    [Fact]
    public async Task SendFile_ConnectionLostInTheMiddle_GoesOnWithTheMissingBlocks()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        using var video = await VideoFile.WriteAsync(30_000_000);
        await PickAsync(couple.Alice, video.Path);
        var puts = new List<int>();
        couple.Alice.Page.RequestFinished += (_, request) =>
        {
            if (request.Method == "PUT")
            {
                lock (puts)
                {
                    puts.Add(HeldBlocks.NumberOf(request.Url));
                }
            }
        };
        var held = await HeldBlocks.HoldAsync(couple.Alice.Page, 4);
        await couple.Alice.EvaluateAsync(
            "CS.chat.sendFile('bob', 5, 'video/mp4', undefined, document.querySelector('#pick').files[0], true, () => {})");
        await couple.Alice.WaitForAsync("events.some(e => e.type === 'FILE-PROGRESS' && e.payload.loaded > 16e6)", 60);
        await held.Reached.WaitAsync(TimeSpan.FromMinutes(1));

        await couple.Alice.Page.Context.SetOfflineAsync(true);
        await held.ReleaseAsync();
        await couple.Alice.Page.Context.SetOfflineAsync(false);

        var message = await couple.Bob.WaitForEventAsync("NEW-MESSAGE", seconds: 90);
        Assert.Equal(video.Hash, await HashAsync(couple.Bob, message.GetProperty("data").GetString()!));
        lock (puts)
        {
            // The blocks that had arrived were not sent again.
            Assert.Equal(8, puts.Count);
            Assert.Equal(8, puts.Distinct().Count());
        }
    }

    private static async Task PickAsync(ChatPage page, string path)
    {
        await page.EvaluateAsync(
            "() => { const pick = document.createElement('input'); pick.type = 'file'; pick.id = 'pick'; document.body.append(pick); }");
        await page.Page.Locator("#pick").SetInputFilesAsync(path);
    }

    /// <summary>Waits until a page that is loaded now would know how far the upload is.</summary>
    private static Task WrittenDownAsync(ChatPage page) => page.WaitForAsync($$"""
        async () => (await {{Transfers}}).some(record => record.uploadId)
        """);

    private static async Task<string> HashAsync(ChatPage page, string key)
    {
        var address = await page.EvaluateAsync<string>($"CS.chat.getMediaURLPrefix() + '{key}'");
        using var http = new HttpClient();
        await using var stream = await http.GetStreamAsync(new Uri(address));
        return Convert.ToHexString(await SHA256.HashDataAsync(stream));
    }
}
