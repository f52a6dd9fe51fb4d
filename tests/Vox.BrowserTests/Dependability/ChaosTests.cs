using System.Diagnostics;
using Vox.Tests.Fixture;

namespace Vox.Tests.Dependability;

/// <summary>
/// Messages both ways while connections drop, the app is killed and the network goes away. A shorter form by default; VOX_LONG=1 for
/// the whole: 500 messages each way and 20 seconds without a network.
/// </summary>
public sealed class ChaosTests(Backends backends, Browser browser)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("VOX_LONG") == "1";
    private static readonly int Count = Long ? 500 : 120;
    private static readonly TimeSpan Cut = TimeSpan.FromSeconds(Long ? 20 : 6);

    [Fact]
    public async Task MessagesBothWays_EverythingBreaks_EachOnceAndInOrderOnEveryDevice()
    {
        await using var app = await PrivateApp.StartAsync(backends);
        var project = await app.CreateProjectAsync("alice", "bob");
        TestUser alice = new(project, "alice", "secret"), bob = new(project, "bob", "secret");
        await using var a = await browser.LogInAsync(alice, app.Address);
        await using var a2 = await browser.LogInAsync(alice, app.Address);
        await using var b = await browser.LogInAsync(bob, app.Address);
        ChatPage[] pages = [a, a2, b];
        await Task.WhenAll(pages.Select(page => page.WaitUntilLiveAsync()));
        await TalkAsync(a, "bob", "a");
        await TalkAsync(b, "alice", "b");

        using var done = new CancellationTokenSource();
        var dropping = DropAsync(app, done.Token);
        await ProgressAsync(a, Count / 4);
        await app.RestartAsync(TimeSpan.FromSeconds(1));
        await ProgressAsync(a, Count / 2);
        await Task.WhenAll(pages.Skip(1).Select(page => page.Page.Context.SetOfflineAsync(true)));
        await Task.Delay(Cut);
        await Task.WhenAll(pages.Skip(1).Select(page => page.Page.Context.SetOfflineAsync(false)));
        await app.RestartAsync(TimeSpan.FromSeconds(1));
        await Task.WhenAll(ProgressAsync(a, Count), ProgressAsync(b, Count));
        await done.CancelAsync();
        await dropping;

        var fromA = string.Join(',', Enumerable.Range(1, Count).Select(i => $"a{i}"));
        var fromB = string.Join(',', Enumerable.Range(1, Count).Select(i => $"b{i}"));
        await Task.WhenAll(
            SeesAsync(b, "NEW-MESSAGE", fromA), SeesAsync(a, "NEW-MESSAGE", fromB), SeesAsync(a2, "NEW-MESSAGE", fromB), SeesAsync(a2, "OWN-MESSAGE", fromA));
        // The answer, and the receipt, of each came exactly once too.
        Assert.Equal(Count, await a.EvaluateAsync<int>("answers.length"));
        Assert.Equal(Count, await a.EvaluateAsync<int>("new Set(answers).size"));
        await a.WaitForAsync($"events.filter(e => e.type === 'DELIVERED').length >= {Count}", 60);
        Assert.Equal(Count, (await a.SettledAsync("DELIVERED")).Count);
        Assert.Equal(Count, (await a.SettledAsync("SENT")).Count);
    }

    private static Task TalkAsync(ChatPage page, string to, string prefix) => page.EvaluateAsync("""
        ([to, prefix, count]) => {
          window.answers = [];
          let i = 0;
          const timer = setInterval(() => {
            i++;
            const sent = CS.chat.sendMessage(to, `${prefix}${i}`, 1, 0, code => code === 200 && answers.push(sent.id), true);
            if (i === count) clearInterval(timer);
          }, 40);
        }
        """, new object[] { to, prefix, Count });

    private static Task ProgressAsync(ChatPage page, int count) => page.WaitForAsync($"answers.length >= {count}", Long ? 400 : 200);

    private static async Task SeesAsync(ChatPage page, string type, string expected)
    {
        var limit = Stopwatch.StartNew();
        while (limit.Elapsed < TimeSpan.FromSeconds(90))
        {
            if (await page.EvaluateAsync<int>("type => events.filter(e => e.type === type).length", type) >= Count)
            {
                break;
            }

            await Task.Delay(200);
        }

        Assert.Equal(expected, string.Join(',', (await page.SettledAsync(type)).Select(p => p.GetProperty("data").GetString())));
    }

    private static async Task DropAsync(PrivateApp app, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Random.Shared.Next(500, 3_000), CancellationToken.None);
            app.SignalR.DropAllConnections();
        }
    }
}
