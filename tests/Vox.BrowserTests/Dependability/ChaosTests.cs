using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Vox.Tests.Fixture;

namespace Vox.Tests.Dependability;

/// <summary>
/// 500 messages in both directions. Meanwhile the service drops every connection at random moments, the app is killed twice and the network
/// is gone for 20 seconds. VOX_SEED repeats the random moments of a run. Its value is in the output of the run.
/// </summary>
public sealed class ChaosTests(Backends backends, Browser browser, ITestOutputHelper output)
{
    private const int Count = 500;

    private static readonly TimeSpan Cut = TimeSpan.FromSeconds(20);

    [Fact]
    [Promise("VOX-D2")]
    public async Task MessagesBothWays_EverythingBreaks_EachOnceAndInOrderOnEveryDevice()
    {
        var seed = Environment.GetEnvironmentVariable("VOX_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        var random = Seeded(seed);
        output.WriteLine($"VOX_SEED={seed}");
        var time = Stopwatch.StartNew();
        await using var app = await PrivateApp.StartAsync(backends);
        var project = await app.CreateProjectAsync("alice", "bob");
        TestUser alice = new(project, "alice", "secret"), bob = new(project, "bob", "secret");
        await using var a = await browser.LogInAsync(alice, app.Address);
        await using var a2 = await browser.LogInAsync(alice, app.Address);
        await using var b = await browser.LogInAsync(bob, app.Address);
        ChatPage[] pages = [a, a2, b];
        await Task.WhenAll(pages.Select(page => page.WaitUntilLiveAsync()));
        await Task.WhenAll(ReadAsync(a), ReadAsync(b));
        await Task.WhenAll(TalkAsync(a, "bob", "a"), TalkAsync(b, "alice", "b"));

        using var done = new CancellationTokenSource();
        var dropping = DropAsync(app, Seeded(random.Next()), done.Token);
        await ProgressAsync(a, random.Next(20, Count / 3));
        await app.RestartAsync(TimeSpan.FromSeconds(1));
        await ProgressAsync(b, random.Next(Count / 3, Count * 2 / 3));
        await CutAsync(app, pages);
        await ProgressAsync(a, random.Next(Count * 2 / 3, Count - 20));
        await app.RestartAsync(TimeSpan.FromSeconds(1));
        await Task.WhenAll(ProgressAsync(a, Count), ProgressAsync(b, Count));
        await done.CancelAsync();
        var drops = await dropping;

        var (fromA, fromB) = (Texts("a"), Texts("b"));
        await Task.WhenAll(
            SeesAsync(b, "NEW-MESSAGE", fromA), SeesAsync(a, "NEW-MESSAGE", fromB), SeesAsync(a2, "NEW-MESSAGE", fromB),
            SeesAsync(a2, "OWN-MESSAGE", fromA));
        // The answer, SENT and both receipts of each message come once, too.
        foreach (var page in (ChatPage[])[a, b])
        {
            var ids = (await page.EvaluateAsync<string[]>("sentIds")).Order(StringComparer.Ordinal).ToArray();
            Assert.Equal(ids, (await page.EvaluateAsync<string[]>("answers")).Order(StringComparer.Ordinal));
            foreach (var type in (string[])["SENT", "DELIVERED", "READ"])
            {
                await page.WaitForAsync($"events.filter(e => e.type === '{type}').length >= {Count}", 60);
                Assert.Equal(
                    ids, (await page.SettledAsync(type)).Select(p => p.GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
            }
        }

        var calls = pages.Sum(page => page.Requests.Count(r => r == "POST /api/v1/messages"));
        output.WriteLine(
            $"{2 * Count} messages in {time.Elapsed.TotalSeconds:F0} s, {drops} times all connections dropped, sent with {calls} calls");
    }

#pragma warning disable RS0030 // A run shall be repeatable.
    private static Random Seeded(int seed) => new(seed);
#pragma warning restore RS0030

    private static string Texts(string prefix) => string.Join(',', Enumerable.Range(1, Count).Select(i => $"{prefix}{i}"));

    private static Task TalkAsync(ChatPage page, string to, string prefix) => page.EvaluateAsync("""
        ([to, prefix, count]) => {
          [window.answers, window.sentIds] = [[], []];
          let i = 0;
          const timer = setInterval(() => {
            i++;
            const sent = CS.chat.sendMessage(to, `${prefix}${i}`, 1, true, code => answers.push([200, 202].includes(code) ? sent.id : `${code}`), true);
            sentIds.push(sent.id);
            if (i === count) clearInterval(timer);
          }, 40);
        }
        """, new object[] { to, prefix, Count });

    /// <summary>Does what an app does when the conversation is open.</summary>
    private static Task ReadAsync(ChatPage page) => page.EvaluateAsync("""
        () => {
          const seen = CS.chat.onMessagecb;
          CS.chat.onMessage(function (type, message) {
            seen.call(this, type, message);
            if (type === "NEW-MESSAGE") CS.chat.sendReadReceipt(message.remoteUser, message.id, () => {}, true);
          });
        }
        """);

    /// <summary>No page reaches anything, and every live connection is gone. Not every page is told so.</summary>
    private static async Task CutAsync(PrivateApp app, ChatPage[] pages)
    {
        var cut = Stopwatch.StartNew();
        await Task.WhenAll(pages.Select(page => page.Page.Context.SetOfflineAsync(true)));
        app.SignalR.DropAllConnections();
        await Task.Delay(Cut > cut.Elapsed ? Cut - cut.Elapsed : TimeSpan.Zero);
        await Task.WhenAll(pages.Select(page => page.Page.Context.SetOfflineAsync(false)));
    }

    private static Task ProgressAsync(ChatPage page, int count) =>
        page.WaitForAsync($"events.filter(e => e.type === 'SENT' && e.payload.status === 200).length >= {count}", 400);

    private static async Task SeesAsync(ChatPage page, string type, string expected)
    {
        try
        {
            await page.WaitForAsync($"events.filter(e => e.type === '{type}').length >= {Count}", 120);
        }
        finally
        {
            Assert.Equal(expected, string.Join(',', (await page.SettledAsync(type)).Select(p => p.GetProperty("data").GetString())));
        }
    }

    private static async Task<int> DropAsync(PrivateApp app, Random random, CancellationToken cancellationToken)
    {
        var drops = 0;
        for (; !cancellationToken.IsCancellationRequested; drops++)
        {
            await Task.Delay(random.Next(500, 3_000), CancellationToken.None);
            app.SignalR.DropAllConnections();
        }

        return drops;
    }
}
